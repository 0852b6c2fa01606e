using System.Diagnostics.Metrics;
using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Metrics.Collecting;
using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Metrics;

/// <summary>
/// The metrics of a running proxy: what is counted as it happens (<see cref="EveryportMeter"/>), and what its state is when somebody asks.
/// The meters of Kestrel, ASP.NET Core and .NET's HTTP client are not among them: they cost something with each request, name ports and hosts
/// that clients choose, and tell nothing of routes.
/// </summary>
internal sealed class ServerMetrics : IDisposable
{
    private readonly Meter _meter = new(EveryportMeter.Name);
    private readonly MetricCollector _collector;

    /// <summary>Begins to gather; <paramref name="status"/> is null until there is something to tell.</summary>
    public ServerMetrics(Func<Status?> status)
    {
        ProcessMetrics.Add(_meter);
        RuntimeMetrics.Add(_meter);
        StatusMetrics.Add(_meter, new StatusSnapshot(status, TimeProvider.System).Read);
        _collector = new MetricCollector(IsWanted, TimeProvider.System);
    }

    /// <summary>Series of whatever is not in this configuration go away.</summary>
    public void Show(ProxyConfiguration configuration) => _collector.Show(new ConfiguredNames(configuration));

    public IReadOnlyList<MetricFamily> Collect() => _collector.Collect();

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    private bool IsWanted(Instrument instrument) => instrument.Meter == EveryportMeter.Shared || instrument.Meter == _meter;
}
