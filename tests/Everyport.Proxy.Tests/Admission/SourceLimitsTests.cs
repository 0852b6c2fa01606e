using CsCheck;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Tests.Flows;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Tests.Admission;

/// <summary>Connections and rates of sources.</summary>
public class SourceLimitsTests
{
    private static readonly SourceLimitSettings ThreeConnections = new(MaxConnections: 3, ConnectionsPerSecond: 0, Burst: 0);
    private static readonly SourceLimitSettings TwoASecond = new(MaxConnections: int.MaxValue, ConnectionsPerSecond: 2, Burst: 4);
    private readonly Clock _clock = new();

    [Fact]
    public void A_source_has_so_many_connections_and_another_one_as_many()
    {
        var limits = new SourceLimits(ThreeConnections, _clock);
        Assert.Equal(3, Entered(limits, "192.0.2.1", 5));
        Assert.False(limits.TryEnter(Parse("192.0.2.1"), out var reason));
        Assert.Equal(RefusalReason.SourceConnections, reason);
        Assert.Equal(3, Entered(limits, "192.0.2.2", 5));

        limits.Leave(Parse("192.0.2.1"));
        Assert.Equal(1, Entered(limits, "192.0.2.1", 5));
    }

    [Theory]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1")]
    [InlineData("192.0.2.1", "192.0.2.255", "192.0.3.1")]
    public void A_source_is_a_prefix(string one, string same, string other)
    {
        var limits = new SourceLimits(ThreeConnections with { PrefixLengthIPv4 = 24 }, _clock);
        Assert.Equal(3, Entered(limits, one, 3));
        Assert.Equal(0, Entered(limits, same, 1));
        Assert.Equal(1, Entered(limits, other, 1));
    }

    [Fact]
    public void Equal_bits_of_two_families_are_two_sources()
    {
        var limits = new SourceLimits(ThreeConnections, _clock);
        Assert.Equal(3, Entered(limits, "32.1.13.184", 3));
        Assert.Equal(3, Entered(limits, "2001:db8::", 3));
    }

    [Fact]
    public void New_connections_come_in_a_burst_and_then_at_the_rate()
    {
        var limits = new SourceLimits(TwoASecond, _clock);
        Assert.Equal(4, Entered(limits, "192.0.2.1", 10));
        Assert.False(limits.TryEnter(Parse("192.0.2.1"), out var reason));
        Assert.Equal(RefusalReason.SourceRate, reason);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Entered(limits, "192.0.2.1", 10));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(4, Entered(limits, "192.0.2.1", 10));
    }

    [Fact]
    public void A_source_cannot_escape_its_rate_by_closing_its_connections()
    {
        var limits = new SourceLimits(TwoASecond, _clock);
        var source = Parse("192.0.2.1");
        for (var i = 0; i < 4; i++)
        {
            Assert.True(limits.TryEnter(source, out _));
            limits.Leave(source);
        }
        Assert.False(limits.TryEnter(source, out _));
    }

    [Fact]
    public void A_source_is_forgotten_once_it_could_open_a_full_burst_again()
    {
        var limits = new SourceLimits(TwoASecond, _clock);
        var source = Parse("192.0.2.1");
        Assert.Equal(4, Entered(limits, "192.0.2.1", 4));
        for (var i = 0; i < 4; i++)
            limits.Leave(source);
        Assert.Equal(1, limits.Count);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(limits.TryEnter(source, out _));
        _clock.Advance(TimeSpan.FromSeconds(2));
        limits.Leave(source);
        Assert.Equal(0, limits.Count);
    }

    [Fact]
    public void Without_a_rate_a_source_is_forgotten_with_its_last_connection()
    {
        var limits = new SourceLimits(ThreeConnections, _clock);
        Assert.Equal(2, Entered(limits, "192.0.2.1", 2));
        limits.Leave(Parse("192.0.2.1"));
        Assert.Equal(1, limits.Count);
        limits.Leave(Parse("192.0.2.1"));
        Assert.Equal(0, limits.Count);
    }

    [Fact]
    public void A_scan_from_a_whole_IPv6_range_takes_bounded_memory_and_refuses_nobody()
    {
        var limits = new SourceLimits(TwoASecond, _clock);
        Assert.Equal(1, Entered(limits, "192.0.2.1", 1)); // stays open
        for (var i = 0; i < 3 * SourceLimits.MaxIdleSources; i++)
        {
            var source = new Address(true, (UInt128)0x20010DB8 << 96 | (UInt128)(uint)i << 64);
            Assert.True(limits.TryEnter(source, out _));
            limits.Leave(source);
            Assert.True(limits.Count <= SourceLimits.MaxIdleSources + 2, $"{limits.Count} after {i}");
        }
        Assert.Equal(3, Entered(limits, "192.0.2.1", 10)); // what is open was not forgotten
    }

    /// <summary>The reference keeps every source for ever, with a plain token bucket each.</summary>
    [Fact]
    public void Any_sequence_of_events_is_decided_as_by_a_plain_token_bucket() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 700]).Array[1, 60].Sample(events =>
        {
            const int MaxConnections = 3, PerSecond = 2, Burst = 4;
            var clock = new Clock();
            var limits = new SourceLimits(new SourceLimitSettings(MaxConnections, PerSecond, Burst), clock);
            var open = new int[4];
            var tokens = Enumerable.Repeat((double)Burst, 4).ToArray();
            foreach (var (source, action, pause) in events)
            {
                clock.Advance(TimeSpan.FromMilliseconds(pause));
                for (var i = 0; i < tokens.Length; i++)
                    tokens[i] = Math.Min(Burst, Math.Round(tokens[i] + pause * PerSecond / 1000.0, 6));

                if (action == 0 && open[source] > 0)
                {
                    limits.Leave(Address.FromIPv4((uint)source));
                    open[source]--;
                }
                else if (action > 0)
                {
                    var expected = open[source] < MaxConnections && tokens[source] >= 1;
                    if (limits.TryEnter(Address.FromIPv4((uint)source), out _) != expected)
                        return false;
                    if (expected)
                        (open[source], tokens[source]) = (open[source] + 1, tokens[source] - 1);
                }
            }
            return limits.Count >= open.Count(count => count > 0);
        }, iter: 20_000);

    [Fact]
    public void Threads_at_once_never_pass_the_limit_and_leave_nothing_behind()
    {
        var limits = new SourceLimits(ThreeConnections, TimeProvider.System);
        var (open, most) = (0, 0);
        var source = Parse("192.0.2.1");
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                if (!limits.TryEnter(source, out RefusalReason _))
                    continue;
                var now = Interlocked.Increment(ref open);
                InterlockedMax(ref most, now);
                Interlocked.Decrement(ref open);
                limits.Leave(source);
            }
        });
        Assert.InRange(most, 1, 3);
        Assert.Equal(0, limits.Count);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    private static int Entered(SourceLimits limits, string source, int attempts) =>
        Enumerable.Range(0, attempts).Count(_ => limits.TryEnter(Parse(source), out RefusalReason _));

    private static Address Parse(string text)
    {
        Assert.True(Address.TryParse(text, out var address));
        return address;
    }
}
