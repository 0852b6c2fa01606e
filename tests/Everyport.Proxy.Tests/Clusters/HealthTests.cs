using Everyport.Proxy.Clusters;
using Everyport.Proxy.Tests.Flows;
using static Everyport.Proxy.Tests.Clusters.Some;

namespace Everyport.Proxy.Tests.Clusters;

/// <summary>What reports of checks and dials do to a destination.</summary>
public class HealthTests
{
    private static readonly ClusterHealthConfig Both = new() { Active = new() { Enabled = true }, Passive = new() { Enabled = true } };
    private readonly Clock _clock = new();
    private readonly LogLines<HealthLog> _log = new();

    [Fact]
    public void Dials_that_fail_in_a_row_take_a_destination_out()
    {
        using var cluster = Create(Both);
        var a = cluster.Named("a");
        a.ReportDial(false);
        Assert.Equal(DestinationHealth.Unknown, a.Health);
        a.ReportDial(true);
        a.ReportDial(false);
        Assert.Equal((DestinationHealth.Healthy, "a"), (a.Health, cluster.PickName()));
        a.ReportDial(false);
        Assert.Equal((DestinationHealth.Unhealthy, "b"), (a.Health, cluster.PickName()));
        Assert.Equal(
            [
                "Information: Destination 'a' (tcp://10.0.0.6:5432) of the cluster 'c' is now Healthy: it has accepted a connection",
                "Warning: Destination 'a' (tcp://10.0.0.6:5432) of the cluster 'c' is now Unhealthy: dials for clients have failed",
            ],
            _log.All);
    }

    [Fact]
    public void After_its_reactivation_period_a_destination_has_another_chance()
    {
        using var cluster = Create(Both with { Passive = new() { Enabled = true, ReactivationPeriod = TimeSpan.FromSeconds(20) } });
        var a = cluster.Named("a");
        Fail(a);
        _clock.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal("b", cluster.PickName());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("a", DestinationHealth.Unknown), (cluster.PickName(), a.Health));
        Assert.EndsWith("is now Unknown: its reactivation period has passed", _log.All[^1], StringComparison.Ordinal);

        // And it takes as many failures as before.
        a.ReportDial(false);
        Assert.Equal("a", cluster.PickName());
        a.ReportDial(false);
        Assert.Equal("b", cluster.PickName());
    }

    [Fact]
    public void A_dial_that_succeeds_after_all_brings_a_destination_back()
    {
        using var cluster = Create(Both);
        Fail(cluster.Named("a"));
        cluster.Named("a").ReportDial(true);
        Assert.Equal(("a", DestinationHealth.Healthy), (cluster.PickName(), cluster.Named("a").Health));
    }

    [Fact]
    public void Either_kind_of_check_takes_a_destination_out_and_both_have_to_let_it_back()
    {
        using var cluster = Create(Both);
        var a = cluster.Named("a");
        Fail(a);
        Check(cluster, a, false, false);
        a.ReportDial(true);
        Assert.Equal(("b", DestinationHealth.Unhealthy), (cluster.PickName(), a.Health));
        Check(cluster, a, true);
        Assert.Equal(("a", DestinationHealth.Healthy), (cluster.PickName(), a.Health));
    }

    [Fact]
    public void Where_all_are_unhealthy_none_is_picked_unless_panic_is_wanted()
    {
        using var cluster = Create(Both);
        Fail(cluster.Named("a"));
        Fail(cluster.Named("b"));
        Assert.Null(cluster.PickName());
        cluster.Apply(cluster.Config with { Health = Both with { AvailableDestinations = AvailableDestinations.HealthyOrPanic } });
        Assert.Equal("a", cluster.PickName());
        Check(cluster, cluster.Named("b"), true);
        cluster.Named("b").ReportDial(true);
        Assert.Equal(("b", null), (cluster.PickName(), cluster.PickName(cluster.Named("b"))));
    }

    [Fact]
    public void The_threshold_is_that_of_the_configuration()
    {
        using var cluster = Create(Both with { FailureThreshold = 1 });
        cluster.Named("a").ReportDial(false);
        Assert.Equal("b", cluster.PickName());
    }

    [Fact]
    public void Without_passive_checks_dials_say_nothing()
    {
        using var cluster = Create(new ClusterHealthConfig());
        Fail(cluster.Named("a"));
        Check(cluster, cluster.Named("a"), false, false);
        Assert.Equal(("a", DestinationHealth.Unknown), (cluster.PickName(), cluster.Named("a").Health));
        Assert.Empty(_log.All);
    }

    [Fact]
    public void Checks_that_are_switched_off_leave_nobody_unhealthy()
    {
        using var cluster = Create(Both);
        Fail(cluster.Named("a"));
        Check(cluster, cluster.Named("b"), false, false);
        Assert.Null(cluster.PickName());
        cluster.Apply(cluster.Config with { Health = new ClusterHealthConfig() });
        Assert.Equal(DestinationHealth.Unknown, cluster.Named("a").Health);
        Assert.Equal(DestinationHealth.Unknown, cluster.Named("b").Health);
        Assert.Equal("a", cluster.PickName());
    }

    [Fact]
    public void A_cluster_that_is_disposed_of_leaves_no_timer()
    {
        var cluster = Create(Both);
        Fail(cluster.Named("a"));
        Assert.Single(_clock.DueIn);
        cluster.Dispose();
        Assert.Empty(_clock.DueIn);
        Assert.Null(cluster.PickName());
    }

    private StreamCluster Create(ClusterHealthConfig health) =>
        Cluster(Config("a", "b") with { LoadBalancing = LoadBalancing.FirstAlphabetical, Health = health }, _clock, _log);

    private static void Fail(DestinationState destination)
    {
        destination.ReportDial(false);
        destination.ReportDial(false);
    }

    private static void Check(StreamCluster cluster, DestinationState destination, params bool[] results)
    {
        foreach (var result in results)
            cluster.ReportCheck(destination, result, "was made");
    }
}
