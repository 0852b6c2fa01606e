using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Tests.Flows;

namespace Everyport.Proxy.Tests.Http.Policies;

/// <summary>When a circuit breaker opens, and when it closes again.</summary>
public class CircuitBreakerTests
{
    private static readonly CircuitRules ByNumber = new() { Failures = 3, Window = Seconds(10), Break = Seconds(5) };
    private static readonly CircuitRules ByShare = new() { FailureRatio = 0.5, MinimumRequests = 4, Window = Seconds(10), Break = Seconds(5) };
    private readonly Clock _clock = new();

    [Fact]
    public void It_is_closed_until_as_many_requests_have_failed_as_its_rules_say()
    {
        var breaker = New(ByNumber);
        Assert.Equal(CircuitState.Closed, StateOf(breaker));
        Assert.False(Fail(breaker));
        Assert.False(Succeed(breaker));
        Assert.False(Fail(breaker));
        Assert.True(breaker.IsClosed);
        Assert.False(breaker.TryTrial(Now));

        Assert.True(Fail(breaker));
        Assert.False(breaker.IsClosed);
        Assert.Equal(CircuitState.Open, StateOf(breaker));
    }

    [Fact]
    public void The_share_decides_where_there_are_enough_requests()
    {
        var breaker = New(ByShare);
        Assert.False(Fail(breaker));
        Assert.False(Fail(breaker));
        Assert.False(Fail(breaker));
        Assert.True(Fail(breaker));

        var better = New(ByShare);
        for (var i = 0; i < 3; i++)
            Succeed(better);
        Assert.False(Fail(better));
        Assert.False(Fail(better));
        Assert.True(Fail(better));
    }

    [Fact]
    public void Failures_are_forgotten_when_the_window_has_passed()
    {
        var breaker = New(ByNumber);
        Fail(breaker);
        _clock.Advance(Seconds(6));
        Fail(breaker);
        _clock.Advance(Seconds(6));
        Assert.False(Fail(breaker));
        Assert.True(Fail(breaker));

        var idle = New(ByNumber);
        Fail(idle);
        Fail(idle);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(Fail(idle));
    }

    [Fact]
    public void Successes_are_forgotten_as_well()
    {
        var breaker = New(ByShare);
        for (var i = 0; i < 100; i++)
            Succeed(breaker);
        _clock.Advance(Seconds(11));
        for (var i = 0; i < 3; i++)
            Assert.False(Fail(breaker));
        Assert.True(Fail(breaker));
    }

    [Fact]
    public void After_the_break_one_request_at_a_time_may_try()
    {
        var breaker = Opened();
        _clock.Advance(Seconds(4));
        Assert.False(breaker.TryTrial(Now));
        Assert.Equal(CircuitState.Open, StateOf(breaker));

        _clock.Advance(Seconds(1));
        Assert.Equal(CircuitState.HalfOpen, StateOf(breaker));
        Assert.True(breaker.TryTrial(Now));
        Assert.False(breaker.TryTrial(Now));
    }

    [Fact]
    public void A_trial_that_fails_begins_another_break()
    {
        var breaker = OnTrial();
        Assert.False(breaker.EndTrial(false, Now));
        Assert.Equal(CircuitState.Open, StateOf(breaker));
        _clock.Advance(Seconds(4));
        Assert.False(breaker.TryTrial(Now));
        _clock.Advance(Seconds(1));
        Assert.True(breaker.TryTrial(Now));
    }

    [Fact]
    public void A_trial_that_succeeds_closes_it_and_nothing_is_held_against_the_destination()
    {
        var breaker = OnTrial();
        Assert.True(breaker.EndTrial(true, Now));
        Assert.True(breaker.IsClosed);
        Assert.Equal(CircuitState.Closed, StateOf(breaker));
        Assert.False(Fail(breaker));
        Assert.False(Fail(breaker));
        Assert.True(Fail(breaker));
    }

    [Fact]
    public void A_trial_whose_client_leaves_lets_the_next_request_try()
    {
        var breaker = OnTrial();
        Assert.False(breaker.EndTrial(null, Now));
        Assert.Equal(CircuitState.HalfOpen, StateOf(breaker));
        Assert.True(breaker.TryTrial(Now));
    }

    [Fact]
    public void What_began_before_it_opened_changes_nothing_when_it_ends()
    {
        var breaker = Opened();
        Assert.False(Fail(breaker));
        Assert.False(Succeed(breaker));
        Assert.Equal(CircuitState.Open, StateOf(breaker));
        _clock.Advance(Seconds(5));
        Assert.False(Succeed(breaker));
        Assert.Equal(CircuitState.HalfOpen, StateOf(breaker));
    }

    [Fact]
    public void Of_many_requests_that_fail_at_once_one_opens_it()
    {
        var breaker = New(ByNumber);
        var opened = 0;
        Parallel.For(0, 100, _ =>
        {
            if (Fail(breaker))
                Interlocked.Increment(ref opened);
        });
        Assert.Equal(1, opened);

        _clock.Advance(Seconds(5));
        var trials = 0;
        Parallel.For(0, 100, _ =>
        {
            if (breaker.TryTrial(Now))
                Interlocked.Increment(ref trials);
        });
        Assert.Equal(1, trials);
    }

    private long Now => _clock.GetTimestamp();

    private CircuitBreaker New(CircuitRules rules) => new(rules, _clock.TimestampFrequency);

    private CircuitBreaker Opened()
    {
        var breaker = New(ByNumber);
        for (var i = 0; i < 3; i++)
            Fail(breaker);
        return breaker;
    }

    private CircuitBreaker OnTrial()
    {
        var breaker = Opened();
        _clock.Advance(Seconds(5));
        Assert.True(breaker.TryTrial(Now));
        return breaker;
    }

    private CircuitState StateOf(CircuitBreaker breaker) => breaker.StateAt(Now);

    private bool Fail(CircuitBreaker breaker) => breaker.Report(succeeded: false, Now);

    private bool Succeed(CircuitBreaker breaker) => breaker.Report(succeeded: true, Now);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
