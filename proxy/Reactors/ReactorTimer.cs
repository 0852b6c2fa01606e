namespace Everyport.Proxy.Reactors;

/// <summary>
/// Something to be done at a later time; <see cref="TimerWheel"/> links these, so that starting and stopping one
/// allocates nothing.
/// </summary>
internal abstract class ReactorTimer
{
    /// <summary>The slot of a timer that is in none.</summary>
    internal const int NoSlot = -1;

    internal ReactorTimer? Next { get; set; }

    internal ReactorTimer? Previous { get; set; }

    /// <summary>The slot of the wheel it is in.</summary>
    internal int Slot { get; set; } = NoSlot;

    /// <summary>When it is due, in milliseconds of the reactor's clock.</summary>
    internal long Deadline { get; set; }

    /// <summary>Whether it is still to come.</summary>
    public bool IsRunning => Slot != NoSlot;

    /// <summary>Runs on the reactor's thread; may start the timer again.</summary>
    public abstract void OnDeadline();
}
