using System.Numerics;

namespace Everyport.Proxy.Reactors;

/// <summary>
/// Many timers of which few ever end: starting and stopping one takes the same short time however many there are
/// (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987, scheme 6). A timer ends up to
/// <see cref="Tick"/> late, never early.
/// </summary>
internal sealed class TimerWheel(long now, Action<Exception>? onFailed = null)
{
    /// <summary>Milliseconds between two slots.</summary>
    public const int Tick = 32;

    private const int Slots = 1024, SlotMask = Slots - 1, WordBits = 64, Due = -2;

    private readonly ReactorTimer?[] _slots = new ReactorTimer?[Slots];
    private readonly ulong[] _occupied = new ulong[Slots / WordBits];
    private readonly List<ReactorTimer> _due = [];
    private long _tick = now / Tick;

    /// <summary>Starts a timer, or moves one that runs.</summary>
    public void Start(ReactorTimer timer, long deadline)
    {
        Stop(timer);
        timer.Deadline = deadline;
        // Rounded up; and one that is due already waits for the next turn rather than for a whole round.
        Link(timer, Math.Max(_tick + 1, (deadline + Tick - 1) / Tick));
    }

    /// <summary>Stops a timer; does nothing to one that does not run.</summary>
    public void Stop(ReactorTimer timer)
    {
        if (timer.Slot < 0)
        {
            timer.Slot = ReactorTimer.NoSlot;
            return;
        }
        if (timer.Previous is { } previous)
            previous.Next = timer.Next;
        else if ((_slots[timer.Slot] = timer.Next) is null)
            _occupied[timer.Slot / WordBits] &= ~(1UL << timer.Slot);
        if (timer.Next is { } next)
            next.Previous = timer.Previous;
        (timer.Next, timer.Previous, timer.Slot) = (null, null, ReactorTimer.NoSlot);
    }

    /// <summary>Ends every timer that is due.</summary>
    public void Advance(long now)
    {
        var last = now / Tick;
        // After a long sleep one round meets every slot.
        for (_tick = Math.Max(_tick, last - Slots); _tick < last;)
            EndDue((int)(++_tick & SlotMask), now);
    }

    /// <summary>How long there is nothing to do, in milliseconds; -1 without any timer.</summary>
    public int UntilNext(long now)
    {
        for (var ahead = 1; ahead <= Slots;)
        {
            var slot = (int)((_tick + ahead) & SlotMask);
            var word = _occupied[slot / WordBits] >> slot;
            if (word == 0)
            {
                ahead += WordBits - slot % WordBits;
                continue;
            }
            ahead += BitOperations.TrailingZeroCount(word);
            return (int)Math.Max(0, (_tick + ahead) * Tick - now);
        }
        return -1;
    }

    private void Link(ReactorTimer timer, long tick)
    {
        timer.Slot = (int)(tick & SlotMask);
        timer.Next = _slots[timer.Slot];
        timer.Next?.Previous = timer;
        _slots[timer.Slot] = timer;
        _occupied[timer.Slot / WordBits] |= 1UL << timer.Slot;
    }

    /// <summary>One that ends may stop others that are due as well, or start them again: those are no longer <see cref="Due"/> then.</summary>
    private void EndDue(int slot, long now)
    {
        for (var timer = _slots[slot]; timer is not null;)
        {
            var next = timer.Next;
            if (timer.Deadline <= now)
            {
                Stop(timer);
                timer.Slot = Due;
                _due.Add(timer);
            }
            timer = next;
        }
        foreach (var timer in _due)
        {
            if (timer.Slot != Due)
                continue;
            timer.Slot = ReactorTimer.NoSlot;
            End(timer);
        }
        _due.Clear();
    }

    /// <summary>A mistake in one must not keep the others from ending.</summary>
    private void End(ReactorTimer timer)
    {
        try
        {
            timer.OnDeadline();
        }
        catch (Exception e) when (onFailed is not null)
        {
            onFailed(e);
        }
    }
}
