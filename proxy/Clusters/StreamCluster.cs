using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Clusters;

/// <summary>
/// A live cluster: picks destinations, and keeps what is known of each of them when the configuration changes.
/// Picks take no lock and allocate nothing; changes of health or configuration put another snapshot in place.
/// </summary>
internal sealed class StreamCluster : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly HealthLog _log;
    private volatile Snapshot _current;
    private int _turn;

    public StreamCluster(StreamClusterConfig config, TimeProvider time, HealthLog log)
    {
        (_time, _log) = (time, log);
        _current = new Snapshot(config, [], []);
        Apply(config);
    }

    public StreamClusterConfig Config => _current.Config;

    /// <summary>All destinations of the configuration, by name; those that are draining are no longer among them.</summary>
    public ReadOnlySpan<DestinationState> Destinations => _current.All;

    /// <summary>
    /// A destination for a client, none of those that it has <paramref name="tried"/>; null where none is available.
    /// Count the connection with <see cref="DestinationState.TryEnter"/> before it is dialled.
    /// </summary>
    public DestinationState? Pick(Address client, scoped ReadOnlySpan<DestinationState> tried)
    {
        var current = _current;
        return LoadBalancer.Pick(current.Config.LoadBalancing, new Candidates(current.Available, tried), client, ref _turn);
    }

    /// <summary>
    /// Goes over to another configuration, for all picks at once. Destinations that stay keep their state, new ones
    /// are unknown, and those that have left are drained.
    /// </summary>
    public void Apply(StreamClusterConfig next)
    {
        lock (_gate)
        {
            var before = _current.All;
            DestinationState[] after = [.. next.Destinations
                .OrderBy(destination => destination.Name, StringComparer.OrdinalIgnoreCase)
                .Select(destination => Array.Find(before, state => IsSame(state.Destination, destination)) ?? new DestinationState(this, destination))];
            ForgetWhatIsNoLongerChecked(next.Health, after);
            _current = new Snapshot(next, after, Available(next, after));
            foreach (var gone in before.Except(after))
            {
                gone.Reactivation?.Dispose();
                gone.Drain();
            }
        }
    }

    /// <summary>The result of an active check.</summary>
    public void ReportCheck(DestinationState destination, bool succeeded, string outcome)
    {
        var (before, after) = Report(destination, destination.Active, succeeded, health => health.Active.Enabled);
        if (before != after)
            _log.Changed(Config.Name, destination.Destination, after, $"its last check {outcome}");
    }

    /// <summary>The result of a dial for a client.</summary>
    public void ReportDial(DestinationState destination, bool succeeded)
    {
        if (!Config.Health.Passive.Enabled)
            return;
        var (before, after) = Report(destination, destination.Passive, succeeded, health => health.Passive.Enabled);
        if (before != after)
            _log.Changed(Config.Name, destination.Destination, after, succeeded ? "it has accepted a connection" : "dials for clients have failed");
    }

    /// <summary>The cluster has left the configuration, or the program ends: all destinations are drained.</summary>
    public void Dispose() => Apply(Config with { Destinations = [] });

    /// <returns>The health of the destination before and after.</returns>
    private (DestinationHealth Before, DestinationHealth After) Report(
        DestinationState destination, ConsecutiveFailures part, bool succeeded, Func<ClusterHealthConfig, bool> isEnabled)
    {
        lock (_gate)
        {
            var (before, health) = (destination.Health, Config.Health);
            // A report may arrive after its destination has left, or its check has been switched off.
            if (!isEnabled(health) || destination.IsDraining)
                return (before, before);

            part.Report(succeeded, health.FailureThreshold);
            if (part == destination.Passive && !succeeded && part.Health == DestinationHealth.Unhealthy)
                ScheduleReactivation(destination, health.Passive.ReactivationPeriod);
            return (before, HealthMayHaveChanged(destination, before));
        }
    }

    private void ScheduleReactivation(DestinationState destination, TimeSpan period)
    {
        destination.Reactivation?.Dispose();
        destination.Reactivation = _time.CreateTimer(_ => Reactivate(destination), null, period, Timeout.InfiniteTimeSpan);
    }

    private void Reactivate(DestinationState destination)
    {
        DestinationHealth before, after;
        lock (_gate)
        {
            before = destination.Health;
            if (destination.IsDraining || destination.Passive.Health != DestinationHealth.Unhealthy)
                return;
            destination.Passive.Reset();
            after = HealthMayHaveChanged(destination, before);
        }
        if (before != after)
            _log.Changed(Config.Name, destination.Destination, after, "its reactivation period has passed");
    }

    private DestinationHealth HealthMayHaveChanged(DestinationState destination, DestinationHealth before)
    {
        var current = _current;
        if (destination.Health != before)
            _current = current with { Available = Available(current.Config, current.All) };
        return destination.Health;
    }

    private static void ForgetWhatIsNoLongerChecked(ClusterHealthConfig health, DestinationState[] destinations)
    {
        foreach (var destination in destinations)
        {
            if (!health.Active.Enabled)
                destination.Active.Reset();
            if (!health.Passive.Enabled)
                destination.Passive.Reset();
        }
    }

    private static DestinationState[] Available(StreamClusterConfig config, DestinationState[] all)
    {
        var healthy = Array.FindAll(all, destination => destination.Health != DestinationHealth.Unhealthy);
        return healthy.Length == 0 && config.Health.AvailableDestinations == AvailableDestinations.HealthyOrPanic ? all : healthy;
    }

    private static bool IsSame(StreamDestination a, StreamDestination b) =>
        a.Name.Equals(b.Name, StringComparison.OrdinalIgnoreCase)
        && (a.Protocol, a.Port, a.IsTls) == (b.Protocol, b.Port, b.IsTls)
        && a.Host.Equals(b.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>What one pick sees.</summary>
    private sealed record Snapshot(StreamClusterConfig Config, DestinationState[] All, DestinationState[] Available);
}
