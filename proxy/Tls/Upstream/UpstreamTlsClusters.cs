using System.Collections.Frozen;
using Everyport.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Tls.Upstream;

/// <summary>TLS towards the destinations of every cluster. Looks at the files now and then, and loads those that have changed.</summary>
internal sealed partial class UpstreamTlsClusters : IDisposable
{
    /// <summary>Links that are turned, files that are replaced or come back: contents tell, and small files are quickly read.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly FrozenDictionary<string, UpstreamTls> _clusters;
    private readonly ITimer _timer;
    private readonly ILogger _logger;

    /// <exception cref="StartupException">A file cannot be used.</exception>
    public UpstreamTlsClusters(IEnumerable<KeyValuePair<string, UpstreamTlsSettings>> clusters, TimeProvider time, ILogger<UpstreamTlsLog> logger)
    {
        _logger = logger;
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
        {
            try
            {
                cluster.Refresh();
            }
            // On a thread of the pool it would end the process.
            catch (Exception e)
            {
                Failed(e);
            }
        }
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot look at the files of TLS towards destinations")]
    private partial void Failed(Exception exception);
}
