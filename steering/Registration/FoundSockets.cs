using System.Runtime.InteropServices;
using Everyport.Steering.Netlink;

namespace Everyport.Steering.Registration;

/// <summary>Sockets of a running program, to be registered for a service. They are held open until this is disposed of.</summary>
public sealed class FoundSockets : IDisposable
{
    private readonly List<(SafeHandle Handle, ProcessSocket Socket)> _sockets = [];

    private FoundSockets() { }

    /// <summary>The sockets.</summary>
    public IReadOnlyList<SafeHandle> Handles => [.. _sockets.Select(socket => socket.Handle)];

    /// <summary>What they are, as <c>tcp 127.0.0.1:80 of 4711 ('nginx')</c>.</summary>
    public IReadOnlyList<string> Descriptions => [.. _sockets.Select(socket => socket.Socket.ToString())];

    /// <summary>How many members of their reuseport groups are left out, as a service has no slots for them. The kernel spreads over the whole group nevertheless.</summary>
    public int LeftOut { get; private init; }

    /// <summary>Finds the listeners of a program in a network namespace, and gets them. Nothing is changed.</summary>
    /// <param name="source">Where it says which process it is.</param>
    /// <param name="filter">Which of its listeners are meant.</param>
    /// <param name="networkNamespace">The file of the namespace that is steered.</param>
    /// <exception cref="SteeringException">There is none, it is not clear which, or this process may not; the message says what to do.</exception>
    public static FoundSockets Find(ProcessSource source, ListenerFilter filter, string networkNamespace)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(filter);
        int[] processes = [.. source.Processes().Where(ProcessHandle.IsRunning)];
        if (processes.Length == 0)
            throw new SteeringException(source.WhyNone());

        using var diagnostics = SocketNamespace.Run(networkNamespace, () => new SocketDiagnostics());
        var found = ProcessSearch.Run(processes, diagnostics.Listeners().Where(filter.Matches));
        if (ListenerChoice.Ambiguous([.. found.Select(socket => socket.Listener)]) is { Count: > 0 } places)
            throw SearchErrors.Ambiguous(processes[0], places);
        var chosen = ListenerChoice.ThatFit(found, socket => ListenerChoice.KindOf(socket.Listener));
        var sockets = Fetch(chosen, found.Count - chosen.Count);
        if (sockets._sockets.Count > 0)
            return sockets;
        sockets.Dispose();
        throw SearchErrors.NothingFound(processes, filter, networkNamespace);
    }

    /// <summary>Gets those of the sockets that are still there.</summary>
    internal static FoundSockets Fetch(IEnumerable<ProcessSocket> chosen, int leftOut = 0)
    {
        var sockets = new FoundSockets { LeftOut = leftOut };
        try
        {
            foreach (var socket in chosen)
            {
                if (socket.TryFetch() is { } handle)
                    sockets._sockets.Add((handle, socket));
            }
            return sockets;
        }
        catch
        {
            sockets.Dispose();
            throw;
        }
    }

    /// <summary>What has been got.</summary>
    internal IEnumerable<ProcessSocket> Sockets => _sockets.Select(socket => socket.Socket);

    /// <summary>Lets go of the sockets: their program is the only one again that has them open.</summary>
    public void Dispose() => _sockets.ForEach(socket => socket.Handle.Dispose());
}
