using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>
/// One <see cref="ReplySocket"/> for each original destination that has flows, shared by them: a socket for each
/// flow would cost a descriptor each, and lengthen the kernel's chain for that address and port.
/// </summary>
internal sealed class ReplySockets : IDisposable
{
    private readonly Dictionary<Endpoint, ReplySocket> _sockets = [];

    public ReplySocket Acquire(Endpoint original)
    {
        if (!_sockets.TryGetValue(original, out var socket))
            _sockets[original] = socket = new ReplySocket(original);
        socket.Users++;
        return socket;
    }

    public void Release(ReplySocket socket)
    {
        if (--socket.Users > 0)
            return;
        _sockets.Remove(socket.Original);
        socket.Dispose();
    }

    public void Dispose()
    {
        foreach (var socket in _sockets.Values)
            socket.Dispose();
        _sockets.Clear();
    }
}
