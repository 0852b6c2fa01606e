using System.Collections.Frozen;
using Everyport.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Tls.Upstream;

/// <summary>TLS towards the destinations of every cluster. Looks at the files now and then, and loads those that have changed.</summary>
internal sealed class UpstreamTlsClusters : IDisposable
{
    /// <summary>Links that are turned, files that are replaced or come back: contents tell, and small files are quickly read.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly FrozenDictionary<string, UpstreamTls> _clusters;
    private readonly ITimer _timer;

    /// <exception cref="StartupException">A file cannot be used.</exception>
    public UpstreamTlsClusters(IEnumerable<KeyValuePair<string, UpstreamTlsSettings>> clusters, TimeProvider time, ILogger<UpstreamTlsLog> logger)
    {
        _clusters = clusters.ToFrozenDictionary(
            cluster => cluster.Key,
            cluster => new UpstreamTls(cluster.Value, time, new UpstreamTlsLog(cluster.Key, time, logger)),
            StringComparer.OrdinalIgnoreCase);
        _timer = time.CreateTimer(_ => Refresh(), null, Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The cluster with this name, which the configuration is known to have.</summary>
    public UpstreamTls this[string cluster] => _clusters[cluster];

    public void Dispose() => _timer.Dispose();

    private void Refresh()
    {
        foreach (var cluster in _clusters.Values)
            cluster.Refresh();
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }
}
