using System.Collections.Concurrent;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Reload;
using Everyport.Proxy.Tests.Flows;
using static Everyport.Proxy.Tests.Clusters.Some;

namespace Everyport.Proxy.Tests.Clusters;

/// <summary>What becomes of destinations when the configuration changes.</summary>
public class StreamClusterTests
{
    [Fact]
    public void A_destination_that_stays_keeps_its_connections()
    {
        using var cluster = Cluster(Config("a", "b"));
        var a = cluster.Named("a");
        a.Enter(3);
        cluster.Apply(Config("a", "c") with { LoadBalancing = LoadBalancing.RoundRobin });
        Assert.Same(a, cluster.Named("a"));
        Assert.Equal((3, false), (a.Connections, a.IsDraining));
        Assert.Equal((0, DestinationHealth.Unknown), (cluster.Named("c").Connections, cluster.Named("c").Health));
    }

    [Fact]
    public void A_destination_that_leaves_is_drained_when_its_last_connection_has_ended()
    {
        using var cluster = Cluster(LoadBalancing.RoundRobin, "a", "b");
        var a = cluster.Named("a");
        a.Enter(2);
        cluster.Apply(Config("b"));

        Assert.Equal("b", cluster.PickName());
        Assert.Null(cluster.PickName(cluster.Named("b")));
        Assert.False(a.TryEnter());
        a.Leave();
        Assert.Equal((true, 1, false), (a.IsDraining, a.Connections, a.Drained.IsCompleted));
        a.Leave();
        Assert.Equal((0, true), (a.Connections, a.Drained.IsCompletedSuccessfully));
        Assert.False(a.TryEnter());
    }

    [Fact]
    public void A_destination_without_connections_is_drained_at_once()
    {
        using var cluster = Cluster(Config("a", "b"));
        var a = cluster.Named("a");
        Assert.False(a.Drained.IsCompleted);
        cluster.Apply(Config("b"));
        Assert.True(a.Drained.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_destination_with_another_address_is_another_one()
    {
        var config = Config("a");
        using var cluster = Cluster(config);
        var before = cluster.Named("a");
        cluster.Apply(config with { Destinations = [Destination("a", port: 5433)] });
        Assert.True(before.IsDraining);
        Assert.Equal("tcp://10.0.0.6:5433", cluster.Pick(Client, [])!.Destination.ToString());
    }

    [Fact]
    public void A_destination_that_comes_back_starts_anew()
    {
        using var cluster = Cluster(Config("a"));
        var before = cluster.Named("a");
        before.Enter(1);
        cluster.Apply(Config("b"));
        cluster.Apply(Config("a"));
        Assert.NotSame(before, cluster.Named("a"));
        Assert.Equal((1, 0), (before.Connections, cluster.Named("a").Connections));
    }

    [Fact]
    public async Task Every_pick_is_of_one_configuration_while_configurations_change()
    {
        using var cluster = Cluster(LoadBalancing.LeastConnections, "a", "b");
        var (seen, done) = (new ConcurrentDictionary<DestinationState, bool>(), false);
        var clients = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!Volatile.Read(ref done))
            {
                var picked = cluster.Pick(Client, []);
                Assert.NotNull(picked);
                seen.TryAdd(picked, true);
                // What one configuration has beside the pick; a mix would offer a third one.
                if (picked.TryEnter())
                    picked.Leave();
            }
        })).ToArray();

        for (var i = 0; i < 5000; i++)
            cluster.Apply(i % 2 == 0 ? Config("c", "d") : Config("a", "b"));
        Assert.Contains(cluster.PickName(), (string[])["a", "b"]);
        Volatile.Write(ref done, true);
        await Task.WhenAll(clients);

        // Nothing that slipped in at the last moment is left in what has gone.
        cluster.Apply(Config("e"));
        await Task.WhenAll(seen.Keys.Select(destination => destination.Drained)).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.All(seen.Keys, destination => Assert.Equal(0, destination.Connections));
    }

    [Fact]
    public async Task Clusters_are_found_by_name_and_drained_when_they_leave()
    {
        var clock = new Clock();
        await using var clusters = new StreamClusters([Config("a"), Config("b") with { Name = "other" }], (_, _, _, _) => Task.FromResult(true), clock, new HealthLog(new LogLines<HealthLog>()));
        var (kept, gone) = (clusters["C"], clusters["other"].Named("b"));
        clusters.Apply([Config("a", "x"), Config("n") with { Name = "new" }]);

        Assert.Same(kept, clusters["c"]);
        Assert.Equal(2, kept.Destinations.Length);
        // Somebody may be on the way to it.
        Assert.False(gone.IsDraining);
        clock.Advance(Grace.Period);
        Patience.Eventually(() => gone.Drained.IsCompletedSuccessfully);
        Assert.Equal("n", clusters["new"].PickName());
        Assert.Equal(["c", "new"], clusters.All.Select(cluster => cluster.Config.Name).Order(StringComparer.Ordinal));
    }
}
