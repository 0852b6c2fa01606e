using Everyport.Proxy.Kernel;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Connections;

/// <summary>One attempt to connect, which may be ended by a time-out or because another one was faster.</summary>
internal sealed class DialAttempt(ClientSource? source) : ReactorTimer
{
    /// <summary>The client's address, where the destination is to see it; otherwise the kernel chooses.</summary>
    public ClientSource? Source => source;

    private ReactorSocket? _socket;
    private int _error;

    /// <summary>Completes with 0 when the socket is connected, or with a negative error.</summary>
    public async ValueTask<int> ConnectedAsync(ReactorSocket socket)
    {
        if (_error != 0)
            return -_error;
        _socket = socket;
        await socket.WritableAsync();
        _socket = null;
        return _error != 0 ? -_error : socket.HasHungUp || socket.IsClosed ? -socket.TakeError() : 0;
    }

    /// <summary>Ends the attempt.</summary>
    public void Abandon(int error)
    {
        if (_error == 0)
            _error = error;
        _socket?.WakeWriter();
    }

    public override void OnDeadline() => Abandon(Syscalls.ETIMEDOUT);
}
