using System.Net.Sockets;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Connections;

/// <summary>A TCP connection to a destination, which <see cref="UpstreamRegistry"/> knows as long as it is open.</summary>
internal sealed class UpstreamConnection(ReactorSocket socket, UpstreamRegistry.Registration? registration) : IDisposable
{
    public ReactorSocket Socket => socket;

    /// <summary>The connection as a stream of .NET, which then owns it; this object is done.</summary>
    public Stream Detach()
    {
        TcpOptions.Probe(socket);
        var descriptor = new SafeSocketHandle(socket.Detach(), ownsHandle: true);
        try
        {
            return new UpstreamStream(new Socket(descriptor), registration);
        }
        catch
        {
            // It has broken meanwhile.
            descriptor.Dispose();
            registration?.Dispose();
            throw;
        }
    }

    /// <summary>The connection as a stream that stays on its reactor; the stream owns it.</summary>
    public ReactorStream ToStream(Reactor reactor)
    {
        TcpOptions.Probe(socket);
        return new ReactorStream(reactor, socket, registration);
    }

    public void Dispose()
    {
        socket.Dispose();
        registration?.Dispose();
    }
}
