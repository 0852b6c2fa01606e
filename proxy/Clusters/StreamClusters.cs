using System.Collections.Frozen;
using Everyport.Proxy.Reload;

namespace Everyport.Proxy.Clusters;

/// <summary>All live clusters of streams and flows, and the active checks of their destinations.</summary>
internal sealed class StreamClusters : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly HealthLog _log;
    private readonly ActiveHealthChecker _checker;
    private volatile FrozenDictionary<string, StreamCluster> _clusters = FrozenDictionary<string, StreamCluster>.Empty;

    public StreamClusters(IReadOnlyList<StreamClusterConfig> configs, Func<string, Routing.StreamDestination, TimeSpan, CancellationToken, Task<bool>> probe, TimeProvider time, HealthLog log)
    {
        (_time, _log, _checker) = (time, log, new ActiveHealthChecker(probe, time));
        Apply(configs);
    }

    /// <summary>Every cluster of the configuration.</summary>
    public IEnumerable<StreamCluster> All => _clusters.Values;

    /// <summary>The cluster with this name, which the configuration is known to have.</summary>
    public StreamCluster this[string id] => _clusters[id];

    /// <summary>
    /// Goes over to the clusters of another configuration; one change at a time. Those that have left are drained when nobody can be
    /// on the way to them any more.
    /// </summary>
    public void Apply(IReadOnlyList<StreamClusterConfig> configs)
    {
        var before = _clusters;
        _clusters = configs.ToFrozenDictionary(config => config.Name, config => Continue(before, config), StringComparer.OrdinalIgnoreCase);
        foreach (var gone in before.Values.Except(_clusters.Values))
            Grace.Then(gone.Dispose, _time);
        _checker.Watch(All);
    }

    /// <summary>Ends the checks; no destination can be picked any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _checker.DisposeAsync();
        foreach (var cluster in All)
            cluster.Dispose();
    }

    private StreamCluster Continue(FrozenDictionary<string, StreamCluster> before, StreamClusterConfig config)
    {
        if (!before.TryGetValue(config.Name, out var cluster))
            return new StreamCluster(config, _time, _log);
        cluster.Apply(config);
        return cluster;
    }
}
