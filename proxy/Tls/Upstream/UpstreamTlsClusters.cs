using System.Collections.Frozen;
using Everyport.Proxy.Hosting;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Tls.Upstream;

/// <summary>TLS towards the destinations of every cluster. Looks at the files now and then, and loads those that have changed.</summary>
internal sealed partial class UpstreamTlsClusters : IDisposable
{
    /// <summary>Links that are turned, files that are replaced or come back: contents tell, and small files are quickly read.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer;
    private readonly TimeProvider _time;
    private readonly ILogger<UpstreamTlsLog> _logger;
    private volatile FrozenDictionary<string, UpstreamTls> _clusters = FrozenDictionary<string, UpstreamTls>.Empty;

    /// <exception cref="StartupException">A file cannot be used.</exception>
    public UpstreamTlsClusters(IEnumerable<KeyValuePair<string, UpstreamTlsSettings>> clusters, TimeProvider time, ILogger<UpstreamTlsLog> logger)
    {
        (_time, _logger) = (time, logger);
        _clusters = Prepare(clusters);
        _timer = time.CreateTimer(_ => Refresh(), null, Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The cluster with this name, which the configuration is known to have.</summary>
    public UpstreamTls this[string cluster] => _clusters[cluster];

    /// <summary>What is to be used for the clusters of another configuration, their files loaded; what has not changed stays the same.</summary>
    /// <exception cref="StartupException">A file cannot be used.</exception>
    public FrozenDictionary<string, UpstreamTls> Prepare(IEnumerable<KeyValuePair<string, UpstreamTlsSettings>> clusters)
    {
        var before = _clusters;
        return clusters.ToFrozenDictionary(
            cluster => cluster.Key,
            cluster => before.GetValueOrDefault(cluster.Key) is { } same && same.Settings == cluster.Value ? same
                : new UpstreamTls(cluster.Value, _time, new UpstreamTlsLog(cluster.Key, _time, _logger)),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Goes over to what was prepared, and returns what was used before. Whoever has been given one of those keeps it.</summary>
    public FrozenDictionary<string, UpstreamTls> Replace(FrozenDictionary<string, UpstreamTls> prepared)
    {
        var before = _clusters;
        _clusters = prepared;
        return before;
    }

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
