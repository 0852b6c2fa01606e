using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Reactors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Everyport.Proxy.Tests.Reactors;

/// <summary>A running reactor, and connections with one end on it.</summary>
public sealed class ReactorScene : IDisposable
{
    /// <summary>How long a test waits for what has to come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Reactor _reactor = new(0, NullLogger<Reactor>.Instance);
    private readonly List<Socket> _sockets = [];

    public ReactorScene() => _reactor.Start();

    internal Reactor Reactor => _reactor;

    public void Dispose()
    {
        _reactor.Dispose();
        _sockets.ForEach(socket => socket.Dispose());
    }

    /// <summary>Runs something on the reactor, and waits for it.</summary>
    internal Task<T> RunAsync<T>(Func<ValueTask<T>> action) => new ReactorMember<int>(_reactor, 0).RunAsync(_ => action()).WaitAsync(Patience);

    /// <summary>Two ends of a connection: a bare non-blocking descriptor, and a socket.</summary>
    internal (int Mine, Socket Theirs) Pair(int? receiveBuffer = null)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var theirs = Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
            SendTimeout = (int)Patience.TotalMilliseconds,
        });
        if (receiveBuffer is { } size)
            theirs.ReceiveBufferSize = size;
        theirs.Connect(listener.LocalEndPoint!);
        return (AcceptDescriptor(listener), theirs);
    }

    internal Socket Own(Socket socket)
    {
        _sockets.Add(socket);
        return socket;
    }

    private static unsafe int AcceptDescriptor(Socket listener)
    {
        var descriptor = Syscalls.Accept(listener.SafeHandle, null, null, Syscalls.SockNonblock | Syscalls.SockCloexec);
        return descriptor >= 0 ? descriptor : throw new SocketException(Marshal.GetLastPInvokeError());
    }
}
