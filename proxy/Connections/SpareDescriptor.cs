using System.Net.Sockets;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Connections;

/// <summary>
/// A descriptor that is kept for the time when there is no other: connections that would wait in the queue until their
/// clients give up are accepted with it and reset at once.
/// </summary>
internal sealed class SpareDescriptor : IDisposable
{
    private readonly Lock _gate = new();
    private int _spare = Open();

    /// <summary>Refuses one connection of the queue, and tells which; null where that is not possible either.</summary>
    public Steered? TryShed(Socket listener)
    {
        lock (_gate)
        {
            if (_spare < 0 && (_spare = Open()) < 0)
                return null;
            _ = Syscalls.Close(_spare);
            var shed = AcceptAndReset(listener);
            _spare = Open();
            return shed;
        }
    }

    private static unsafe Steered? AcceptAndReset(Socket listener)
    {
        var descriptor = Syscalls.Accept(listener.SafeHandle, null, null, Syscalls.SockCloexec);
        if (descriptor < 0)
            return null;
        using var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)) { LingerState = new LingerOption(true, 0) };
        return new Steered(SocketNames.Remote(socket), SocketNames.Local(socket));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_spare >= 0)
                _ = Syscalls.Close(_spare);
            _spare = -1;
        }
    }

    private static int Open() => Syscalls.SocketDescriptor(Syscalls.AfInet, Syscalls.SockStream | Syscalls.SockCloexec, 0);
}
