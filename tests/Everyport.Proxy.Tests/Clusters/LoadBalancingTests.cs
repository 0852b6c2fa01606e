using CsCheck;
using Everyport.Proxy.Clusters;
using static Everyport.Proxy.Tests.Clusters.Some;

namespace Everyport.Proxy.Tests.Clusters;

/// <summary>How each policy spreads connections.</summary>
public class LoadBalancingTests
{
    private const int Picks = 10_000;
    private static readonly Gen<int[]> Loads = Gen.Int[0, 5].Array[2, 6];

    [Fact]
    public void No_policy_picks_what_was_tried_and_each_finds_what_is_left() => Gen.Select(Gen.Enum<LoadBalancing>(), Gen.Bool.Array[1, 6]).Sample((policy, tried) =>
    {
        using var cluster = Cluster(policy, Names(tried.Length));
        var all = cluster.Destinations.ToArray();
        DestinationState[] left = [.. all.Where((_, i) => !tried[i])];
        var picked = cluster.Pick(Client, [.. all.Except(left)]);
        Assert.True(left.Length == 0 ? picked is null : left.Contains(picked));
    });

    [Fact]
    public void Round_robin_gives_each_the_same_share() => Assert.All(Shares(LoadBalancing.RoundRobin), share => Assert.Equal(Picks / 4, share));

    [Fact]
    public void Random_gives_each_about_the_same_share() => Assert.All(Shares(LoadBalancing.Random), share => Assert.InRange(share, 2000, 3000));

    [Fact]
    public void Least_connections_picks_one_that_none_has_fewer_than() => Loads.Sample(loads =>
    {
        using var cluster = Loaded(LoadBalancing.LeastConnections, loads);
        Assert.Equal(loads.Min(), cluster.Pick(Client, [])!.Connections);
    });

    [Fact]
    public void Least_connections_spreads_what_an_idle_cluster_gets() =>
        Assert.All(Shares(LoadBalancing.LeastConnections), share => Assert.Equal(Picks / 4, share));

    [Fact]
    public void The_better_of_two_is_never_the_one_with_the_most() => Loads.Where(loads => loads.Count(load => load == loads.Max()) == 1).Sample(loads =>
    {
        using var cluster = Loaded(LoadBalancing.PowerOfTwoChoices, loads);
        Assert.NotEqual(loads.Max(), cluster.Pick(Client, [])!.Connections);
    });

    [Fact]
    public void The_better_of_two_keeps_the_load_even()
    {
        using var cluster = Cluster(LoadBalancing.PowerOfTwoChoices, Names(8));
        for (var i = 0; i < Picks; i++)
            cluster.Pick(Client, [])!.Enter(1);
        Assert.All(cluster.Destinations.ToArray(), destination => Assert.InRange(destination.Connections, Picks / 8 - 25, Picks / 8 + 25));
    }

    [Fact]
    public void The_first_by_name_comes_first_and_the_next_one_after_it()
    {
        using var cluster = Cluster(LoadBalancing.FirstAlphabetical, "b", "C", "a");
        Assert.Equal("a", cluster.PickName());
        Assert.Equal("b", cluster.PickName(cluster.Named("a")));
        Assert.Equal("C", cluster.PickName(cluster.Named("b"), cluster.Named("a")));
    }

    [Fact]
    public void A_pick_allocates_nothing() => Assert.All(Enum.GetValues<LoadBalancing>(), policy =>
    {
        using var cluster = Cluster(policy, Names(5));
        DestinationState[] tried = [cluster.Named("d1")];
        Assert.NotNull(cluster.Pick(Client, tried));
        Assert.NotNull(cluster.Pick(Client, []));

        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1000; i++)
                _ = cluster.Pick(Client, (i & 1) == 0 ? tried : []);
        }));
    });

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"d{i}")];

    private static StreamCluster Loaded(LoadBalancing policy, int[] loads)
    {
        var cluster = Cluster(policy, Names(loads.Length));
        for (var i = 0; i < loads.Length; i++)
            cluster.Named($"d{i}").Enter(loads[i]);
        return cluster;
    }

    private static int[] Shares(LoadBalancing policy)
    {
        using var cluster = Cluster(policy, Names(4));
        return [.. Enumerable.Range(0, Picks).GroupBy(_ => cluster.PickName()).Select(group => group.Count())];
    }
}
