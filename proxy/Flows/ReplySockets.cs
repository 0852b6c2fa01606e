using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>
/// One <see cref="ReplySocket"/> for each original destination that has answered flows, shared by them. Some
/// that no flow uses any more are kept: the next client of a busy service finds its socket ready. Belongs to one thread.
/// </summary>
internal sealed class ReplySockets(OwnNames names) : IDisposable
{
    /// <summary>How many sockets without a flow are kept.</summary>
    public const int MaxIdle = 256;

    private readonly Dictionary<Endpoint, ReplySocket> _sockets = [];
    private readonly LinkedList<ReplySocket> _idle = [];

    public int Count => _sockets.Count;

    /// <summary>The socket for an original destination: 0, or the error of the kernel. Each has to be released.</summary>
    public int Acquire(Endpoint original, out ReplySocket? socket)
    {
        if (!_sockets.TryGetValue(original, out socket))
        {
            var error = ReplySocket.Open(original, out socket);
            if (error != 0)
                return error;
            _sockets.Add(original, socket!);
            names.Add(socket!);
        }
        if (socket!.Idle is { List: not null } place)
            _idle.Remove(place);
        socket.Users++;
        return 0;
    }

    public void Release(ReplySocket socket)
    {
        if (--socket.Users > 0)
            return;
        _idle.AddLast(socket.Idle ??= new(socket));
        if (_idle.Count > MaxIdle)
            CloseIdlest();
    }

    /// <summary>Closes the socket that is without a flow for longest; false where there is none.</summary>
    public bool CloseIdlest()
    {
        if (_idle.First?.Value is not { } socket)
            return false;
        _idle.RemoveFirst();
        _sockets.Remove(socket.Original);
        Close(socket);
        return true;
    }

    public void Dispose()
    {
        foreach (var socket in _sockets.Values)
            Close(socket);
        _sockets.Clear();
        _idle.Clear();
    }

    private void Close(ReplySocket socket)
    {
        names.Remove(socket);
        socket.Dispose();
    }
}
