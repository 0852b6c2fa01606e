namespace Everyport.Steering.Cli.Scraping;

/// <summary>Makes the answer to each scrape. One that fails is counted, and answered in words.</summary>
internal sealed class Scraper(Func<SteeringSnapshot?> read, string version)
{
    private readonly Lock _gate = new();
    private long _failed;

    public (int Status, string Body) Scrape()
    {
        lock (_gate)
        {
            try
            {
                return (200, MetricsText.Of(read(), version, _failed));
            }
            catch (SteeringException e)
            {
                _failed++;
                return (500, $"{e.Message}\n");
            }
        }
    }
}
