using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Clusters;

/// <summary>
/// A destination of a live cluster: how many connections it has, how healthy it is, and whether it is on its way
/// out. Safe for any thread.
/// </summary>
internal sealed class DestinationState(StreamCluster cluster, StreamDestination destination)
{
    /// <summary>Set once the destination has left the configuration. One word with the count: no connection slips in after the last one.</summary>
    private const int Draining = int.MinValue;

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;

    public StreamDestination Destination { get; } = destination;

    /// <summary>Connections, those that are being dialled among them.</summary>
    public int Connections => Volatile.Read(ref _connections) & ~Draining;

    /// <summary>Whether it has left the configuration: connections live on, and none is added.</summary>
    public bool IsDraining => Volatile.Read(ref _connections) < 0;

    /// <summary>Completes when it is draining and its last connection has left.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Unhealthy where either kind of check says so.</summary>
    public DestinationHealth Health => (Active.Health, Passive.Health) switch
    {
        (DestinationHealth.Unhealthy, _) or (_, DestinationHealth.Unhealthy) => DestinationHealth.Unhealthy,
        (DestinationHealth.Healthy, _) or (_, DestinationHealth.Healthy) => DestinationHealth.Healthy,
        _ => DestinationHealth.Unknown,
    };

    /// <summary>What active checks say.</summary>
    public ConsecutiveFailures Active { get; } = new();

    /// <summary>What dials for clients say.</summary>
    public ConsecutiveFailures Passive { get; } = new();

    /// <summary>Tells destinations apart when clients are spread by their address.</summary>
    public ulong HashSeed { get; } = RendezvousHash.Seed(destination.Name);

    /// <summary>Gives an unhealthy destination another chance; the cluster's, under its lock.</summary>
    public ITimer? Reactivation { get; set; }

    /// <summary>Counts a connection, before it is dialled. False where draining has begun since the pick: pick again.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _connections) > 0)
            return true;
        Leave();
        return false;
    }

    /// <summary>The end of a connection, or of the attempt to dial it.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _connections) == Draining)
            _drained.TrySetResult();
    }

    /// <summary>Tells how a dial ended; the passive check.</summary>
    public void ReportDial(bool succeeded)
    {
        // With every connection: no lock where nothing would change.
        if (!(succeeded && Passive.IsPlainlyHealthy))
            cluster.ReportDial(this, succeeded);
    }

    /// <summary>It has left the configuration.</summary>
    public void Drain()
    {
        if (Interlocked.Or(ref _connections, Draining) is 0 or Draining)
            _drained.TrySetResult();
    }
}
