using CsCheck;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Tests.Reactors;

public class TimerWheelTests
{
    private const long Start = 1_000_003;

    [Fact]
    public void A_timer_ends_at_its_deadline_and_not_before()
    {
        var wheel = new TimerWheel(Start);
        var timer = new Recorder();
        wheel.Start(timer, Start + 1000);
        wheel.Advance(Start + 999);
        Assert.Equal(0, timer.Ended);
        wheel.Advance(Start + 1000 + TimerWheel.Tick);
        Assert.Equal(1, timer.Ended);
        Assert.False(timer.IsRunning);
    }

    [Fact]
    public void A_timer_that_was_stopped_never_ends()
    {
        var wheel = new TimerWheel(Start);
        var timer = new Recorder();
        wheel.Start(timer, Start + 100);
        wheel.Stop(timer);
        wheel.Advance(Start + 100_000);
        Assert.Equal(0, timer.Ended);
        Assert.Equal(-1, wheel.UntilNext(Start + 100_000));
    }

    [Fact]
    public void Of_two_that_are_due_at_once_either_may_stop_the_other()
    {
        var wheel = new TimerWheel(Start);
        var ended = 0;
        Callback? first = null, second = null;
        first = new Callback(() => { ended++; wheel.Stop(second!); });
        second = new Callback(() => { ended++; wheel.Stop(first); });
        wheel.Start(first, Start + 100);
        wheel.Start(second, Start + 100);
        wheel.Advance(Start + 200);
        Assert.Equal(1, ended);
    }

    [Fact]
    public void One_that_ends_may_start_itself_again()
    {
        var wheel = new TimerWheel(Start);
        var (ended, now) = (0, Start);
        Callback? timer = null;
        timer = new Callback(() => { ended++; wheel.Start(timer!, now + 100); });
        wheel.Start(timer, now + 100);
        for (; now < Start + 1000; now += 10)
            wheel.Advance(now);
        Assert.InRange(ended, 6, 9);
    }

    [Fact]
    public void A_deadline_beyond_a_whole_round_is_kept()
    {
        var wheel = new TimerWheel(Start);
        var timer = new Recorder();
        wheel.Start(timer, Start + 3_600_000);
        var now = Start;
        for (; now < Start + 3_600_000; now += Math.Max(1, wheel.UntilNext(now)))
            wheel.Advance(now);
        wheel.Advance(now + TimerWheel.Tick);
        Assert.Equal(1, timer.Ended);
    }

    /// <summary>A random sequence of starts, stops and steps, beside a plain list of deadlines.</summary>
    [Fact]
    public void Every_timer_ends_once_within_a_tick_of_its_deadline()
    {
        var step = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 9], Gen.Int[0, 100_000]);
        step.Array[1, 200].Sample(steps =>
        {
            var wheel = new TimerWheel(Start);
            var timers = Enumerable.Range(0, 10).Select(_ => new Recorder()).ToArray();
            var expected = new long?[10];
            var now = Start;
            foreach (var (kind, which, amount) in steps)
            {
                if (kind == 0)
                {
                    wheel.Start(timers[which], now + amount);
                    expected[which] = now + amount;
                    timers[which].Ended = 0;
                }
                else if (kind == 1)
                {
                    wheel.Stop(timers[which]);
                    expected[which] = null;
                    timers[which].Ended = 0;
                }
                else
                {
                    now += amount;
                    var until = wheel.UntilNext(now);
                    wheel.Advance(now);
                    for (var i = 0; i < 10; i++)
                    {
                        var due = expected[i] <= now - TimerWheel.Tick;
                        var early = expected[i] > now;
                        if (due && timers[i].Ended != 1 || early && timers[i].Ended != 0 || expected[i] is null && timers[i].Ended != 0)
                            return false;
                        // What is due now may not be slept over.
                        if (due && until > 0 && expected[i] < now - 2 * TimerWheel.Tick && timers[i].IsRunning)
                            return false;
                    }
                }
            }
            return true;
        });
    }

    [Fact]
    public void A_reactor_may_sleep_until_the_next_slot_that_holds_a_timer()
    {
        var wheel = new TimerWheel(Start);
        wheel.Start(new Recorder(), Start + 5000);
        Assert.InRange(wheel.UntilNext(Start), 5000, 5000 + TimerWheel.Tick);
    }

    [Fact]
    public void A_timer_that_fails_keeps_no_other_from_ending()
    {
        var failures = new List<Exception>();
        var wheel = new TimerWheel(Start, failures.Add);
        var (before, after) = (new Recorder(), new Recorder());
        wheel.Start(before, Start + 100);
        wheel.Start(new Callback(() => throw new InvalidOperationException("on purpose")), Start + 100);
        wheel.Start(after, Start + 100);
        wheel.Advance(Start + 1000);
        Assert.Equal((1, 1), (before.Ended, after.Ended));
        Assert.Equal("on purpose", Assert.Single(failures).Message);
    }

    private sealed class Recorder : ReactorTimer
    {
        public int Ended { get; set; }

        public override void OnDeadline() => Ended++;
    }

    private sealed class Callback(Action action) : ReactorTimer
    {
        public override void OnDeadline() => action();
    }
}
