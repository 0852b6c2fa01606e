using System.Collections.Concurrent;
using System.Net.Sockets;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tests.Flows;
using static Everyport.Proxy.Tests.Clusters.Some;
using static Everyport.Proxy.Tests.Patience;

namespace Everyport.Proxy.Tests.Clusters;

/// <summary>When destinations are checked, and what comes of it.</summary>
public class ActiveHealthCheckerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ActiveCheckConfig EveryTwelveSeconds = new() { Enabled = true, Interval = 12 * Second, Timeout = 10 * Second };
    private readonly Clock _clock = new();
    private readonly LogLines<HealthLog> _log = new();
    private readonly ConcurrentQueue<string> _probed = new();

    [Fact]
    public async Task Checks_are_spread_over_the_interval()
    {
        await using var clusters = Start(Answer(true), Checked("a", "b", "c", "d"));
        // The first has been checked and comes again after the interval; the others are still to come.
        Eventually(() => _clock.DueIn.SequenceEqual([3 * Second, 6 * Second, 9 * Second, 12 * Second]));
        Assert.Equal(["tcp://a:5432"], _probed);
    }

    [Fact]
    public async Task Failures_in_a_row_make_a_destination_unhealthy_and_an_answer_brings_it_back()
    {
        var failing = true;
        await using var clusters = Start((_, _, _) => failing ? throw new SocketException((int)SocketError.ConnectionRefused) : Task.FromResult(true), Checked("a"));
        var a = clusters["c"].Named("a");
        _clock.AdvanceUntil(Second, () => a.Health == DestinationHealth.Unhealthy);
        Assert.Null(clusters["c"].PickName());
        Assert.True(_probed.Count >= 2);

        failing = false;
        _clock.AdvanceUntil(Second, () => a.Health == DestinationHealth.Healthy);
        Assert.Equal("a", clusters["c"].PickName());
        Assert.Equal(
            [
                "Warning: Destination 'a' (tcp://a:5432) of the cluster 'c' is now Unhealthy: its last check failed: Connection refused",
                "Information: Destination 'a' (tcp://a:5432) of the cluster 'c' is now Healthy: its last check was answered",
            ],
            _log.All);
    }

    [Fact]
    public async Task A_check_that_takes_too_long_has_failed()
    {
        await using var clusters = Start(Silence, Checked("a") with { Health = new() { Active = EveryTwelveSeconds, FailureThreshold = 1 } });
        Eventually(() => _probed.Count == 1);
        _clock.AdvanceUntil(Second, () => clusters["c"].Named("a").Health == DestinationHealth.Unhealthy);
        Assert.EndsWith("its last check was not answered in 00:00:10", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_one_check_of_a_destination_at_a_time()
    {
        var (running, most) = (0, 0);
        await using var clusters = Start(
            async (_, _, cancelled) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                try
                {
                    return await Silence(null!, default, cancelled);
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            },
            Checked("a") with { Health = new() { Active = EveryTwelveSeconds with { Timeout = 60 * Second } } });
        _clock.AdvanceUntil(Second, () => _probed.Count == 5);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_destination_is_checked_at_its_health_address_as_the_newest_configuration_gives_it()
    {
        var config = Checked("a");
        await using var clusters = Start(Answer(true), At("health1"));
        Eventually(() => _probed.Contains("tcp://health1:5432"));
        clusters.Apply([At("health2")]);
        Eventually(() => _probed.Contains("tcp://health2:5432"));
        Assert.DoesNotContain("tcp://a:5432", _probed);

        StreamClusterConfig At(string host) => config with { HealthAddresses = config.HealthAddresses.SetItem("A", Destination("A", host)) };
    }

    [Fact]
    public async Task Checks_end_with_their_destination_and_go_on_for_the_others()
    {
        await using var clusters = Start(Answer(true), Checked("a", "b"));
        Eventually(() => _clock.DueIn.Length == 2);
        clusters.Apply([Checked("b")]);
        Eventually(() => _clock.DueIn.Length == 1);
        _probed.Clear();
        _clock.AdvanceUntil(Second, () => _probed.Count >= 3);
        Assert.All(_probed, address => Assert.Equal("tcp://b:5432", address));
    }

    [Fact]
    public async Task Nothing_is_checked_that_did_not_ask_for_it()
    {
        var other = Config("z") with { Name = "other" };
        await using var clusters = Start(Answer(true), Checked("a"), other);
        _clock.AdvanceUntil(Second, () => _probed.Count >= 3);
        Assert.All(_probed, address => Assert.Equal("tcp://a:5432", address));
    }

    [Fact]
    public async Task The_end_cancels_a_check_that_is_under_way_and_leaves_no_timer()
    {
        var clusters = Start(Silence, Checked("a", "b"));
        Eventually(() => _probed.Count == 1);
        await clusters.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Empty(_clock.DueIn);
        Assert.Empty(_log.All);
    }

    private static StreamClusterConfig Checked(params string[] hosts) => Config() with
    {
        Destinations = [.. hosts.Select(host => Destination(host, host))],
        Health = new() { Active = EveryTwelveSeconds },
    };

    private static Func<StreamDestination, TimeSpan, CancellationToken, Task<bool>> Answer(bool answer) => (_, _, _) => Task.FromResult(answer);

    private static async Task<bool> Silence(StreamDestination destination, TimeSpan timeout, CancellationToken cancelled)
    {
        await Task.Delay(Timeout.Infinite, cancelled);
        return true;
    }

    private StreamClusters Start(Func<StreamDestination, TimeSpan, CancellationToken, Task<bool>> probe, params StreamClusterConfig[] configs) => new(
        configs,
        (_, destination, timeout, cancelled) =>
        {
            _probed.Enqueue(destination.ToString());
            return probe(destination, timeout, cancelled);
        },
        _clock,
        new HealthLog(_log));
}
