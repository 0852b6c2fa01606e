using Everyport.Steering.Netlink;

namespace Everyport.Steering.Registration;

/// <summary>One look at everything. What is dear is done once for all services, and only where one of them asks for it.</summary>
internal sealed class WatchRound(WatchedSlots slots, SocketDiagnostics diagnostics, TimeSpan now)
{
    private IReadOnlyList<OpenListener>? _listeners;

    /// <summary>When it is, on a clock that only goes forward.</summary>
    public TimeSpan Now => now;

    public WatchedSlots Slots => slots;

    /// <summary>All listeners of the namespace.</summary>
    public IReadOnlyList<OpenListener> Listeners => _listeners ??= diagnostics.Listeners();
}
