using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Clusters;

/// <summary>
/// Runs the active checks of destinations, each at its own time within the interval, and never two of one
/// destination at a time. How a destination is probed is given from outside.
/// </summary>
internal sealed class ActiveHealthChecker(Func<string, StreamDestination, TimeSpan, CancellationToken, Task<bool>> probe, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Task> _ending = [];
    private Dictionary<DestinationState, Watched> _watched = [];

    /// <summary>Checks the destinations of these clusters from now on, as far as their configuration wants it, and no others.</summary>
    public void Watch(IEnumerable<StreamCluster> clusters)
    {
        lock (_gate)
        {
            var wanted = clusters
                .Where(cluster => cluster.Config.Health.Active.Enabled)
                .SelectMany(cluster => cluster.Destinations.ToArray().Select(destination => new Order(
                    cluster, destination, cluster.Config.HealthAddressOf(destination.Destination), cluster.Config.Health.Active)))
                .ToDictionary(order => order.Destination);
            var kept = _watched.Where(entry => wanted.GetValueOrDefault(entry.Key) == entry.Value.Order).ToDictionary();
            foreach (var (_, stale) in _watched.Where(entry => !kept.ContainsKey(entry.Key)))
                _ending.Add(EndAsync(stale));
            _ending.RemoveAll(task => task.IsCompleted);

            Order[] added = [.. wanted.Values.Where(order => !kept.ContainsKey(order.Destination))];
            for (var i = 0; i < added.Length; i++)
                kept[added[i].Destination] = Start(added[i], (double)i / added.Length);
            _watched = kept;
        }
    }

    /// <summary>Ends all checks, those under way too.</summary>
    public async ValueTask DisposeAsync()
    {
        Watch([]);
        await Task.WhenAll(_ending);
    }

    private Watched Start(Order order, double phase)
    {
        // Where an order has changed, the last check of the old one may still be under way.
        var previous = _watched.TryGetValue(order.Destination, out var stale) ? stale.Running : Task.CompletedTask;
        var stop = new CancellationTokenSource();
        return new Watched(order, stop, Task.Run(() => RunAsync(order, order.Active.Interval * phase, previous, stop.Token)));
    }

    private static async Task EndAsync(Watched watched)
    {
        await watched.Stop.CancelAsync();
        await watched.Running;
        watched.Stop.Dispose();
    }

    private async Task RunAsync(Order order, TimeSpan wait, Task previous, CancellationToken stop)
    {
        try
        {
            await previous;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, time, stop);
            using var timer = new PeriodicTimer(order.Active.Interval, time);
            do
                await CheckAsync(order, stop);
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // No longer wanted.
        }
    }

    private async Task CheckAsync(Order order, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(order.Active.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        var (succeeded, outcome) = (false, "");
        try
        {
            succeeded = await probe(order.Cluster.Config.Name, order.Address, order.Active.Timeout, either.Token);
            outcome = succeeded ? "was answered" : "was not answered";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            outcome = $"was not answered in {order.Active.Timeout}";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            outcome = $"failed: {e.Message}";
        }
        order.Cluster.ReportCheck(order.Destination, succeeded, outcome);
    }

    /// <summary>What to check, and how often.</summary>
    private sealed record Order(StreamCluster Cluster, DestinationState Destination, StreamDestination Address, ActiveCheckConfig Active);

    private sealed record Watched(Order Order, CancellationTokenSource Stop, Task Running);
}
