namespace Everyport.Proxy.Tests.Flows;

/// <summary>A clock that stands still until it is moved, and its timers.</summary>
internal sealed class Clock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private long _ticks = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>In how long each timer is due, the next one first.</summary>
    public TimeSpan[] DueIn
    {
        get
        {
            lock (_gate)
                return [.. _alarms.Select(alarm => alarm.Due - _ticks).Order().Select(ticks => TimeSpan.FromTicks(ticks))];
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <summary>Moves on, and calls each timer that comes due at its own time.</summary>
    public void Advance(TimeSpan time)
    {
        var end = GetTimestamp() + time.Ticks;
        while (Next(end) is { } alarm)
            alarm.Call();
    }

    /// <summary>Moves on in steps until a condition holds; what timers set off happens on other threads.</summary>
    public void AdvanceUntil(TimeSpan step, Func<bool> condition) => Patience.Eventually(() =>
    {
        if (condition())
            return true;
        Advance(step);
        return false;
    });

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    private Alarm? Next(long end)
    {
        lock (_gate)
        {
            var next = _alarms.Where(alarm => alarm.Due <= end).MinBy(alarm => alarm.Due);
            Interlocked.Exchange(ref _ticks, next is null ? end : Math.Max(_ticks, next.Due));
            if (next is { Period.Ticks: > 0 })
                next.Due += next.Period.Ticks;
            else if (next is not null)
                _alarms.Remove(next);
            return next;
        }
    }

    private sealed class Alarm(Clock clock, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Call() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
                (Due, Period) = (clock._ticks + dueTime.Ticks, period);
                if (dueTime != Timeout.InfiniteTimeSpan)
                    clock._alarms.Add(this);
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
                clock._alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
