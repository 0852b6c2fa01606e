using System.IO.Compression;
using System.Net;
using Everyport.Proxy.Admin;
using Everyport.Proxy.Metrics.Exposition;
using Everyport.Proxy.Metrics.Scraping;
using Everyport.Proxy.Tests.Admin;

namespace Everyport.Proxy.Tests.Metrics;

/// <summary><c>/metrics</c> over the wire.</summary>
public sealed class MetricsEndpointTests : IAsyncLifetime, IDisposable
{
    private readonly ManualResetEventSlim _mayCollect = new(initialState: true);
    private RunningAdminHost _host = null!;
    private int _collections;

    public async Task InitializeAsync() => _host = await RunningAdminHost.StartAsync(AdminSettings.Default, map: app => app.MapMetrics(Collect));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _mayCollect.Dispose();

    [Fact]
    public async Task People_get_the_text_format()
    {
        var answer = await _host.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("# TYPE things_total counter\n# HELP things_total Things.\nthings_total 1\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Who_asks_for_it_gets_OpenMetrics()
    {
        var answer = await _host.GetAsync("/metrics", ("Accept", "application/openmetrics-text; version=1.0.0"));
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.EndsWith("\n# EOF\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["Accept", "Accept-Encoding"], answer.Headers.Vary);
    }

    [Fact]
    public async Task It_is_compressed_for_who_takes_that()
    {
        var answer = await _host.GetAsync("/metrics", ("Accept-Encoding", "gzip"));
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        await using var content = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(content);
        Assert.EndsWith("things_total 1\n", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_who_ask_at_the_same_time_share_one_collection()
    {
        _mayCollect.Reset();
        var scraper = new Scraper(Collect);
        Task<ReadOnlyMemory<byte>>[] scrapes = [.. Enumerable.Range(0, 5).Select(_ => scraper.ScrapeAsync(ExpositionFormat.Text, isCompressed: false))];
        _mayCollect.Set();
        await Task.WhenAll(scrapes);
        Assert.Equal(1, _collections);
        // Who comes later gets what is there then.
        await scraper.ScrapeAsync(ExpositionFormat.Text, isCompressed: false);
        Assert.Equal(2, _collections);
    }

    [Fact]
    public async Task A_collection_that_fails_is_no_answer_and_the_next_one_is_tried()
    {
        var attempts = 0;
        await using var host = await RunningAdminHost.StartAsync(
            AdminSettings.Default, map: app => app.MapMetrics(() => ++attempts == 1 ? throw new InvalidOperationException("not now") : Collect()));
        Assert.Equal(HttpStatusCode.InternalServerError, (await host.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/metrics")).StatusCode);
    }

    private MetricFamily[] Collect()
    {
        _mayCollect.Wait();
        Interlocked.Increment(ref _collections);
        return [new MetricFamily("things", MetricType.Counter, null, "Things.", [new NumberSeries(LabelText.Of(), 1)])];
    }
}
