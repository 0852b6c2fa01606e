using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Connections;

/// <summary>A TCP connection to a destination, which <see cref="UpstreamRegistry"/> knows as long as it is open.</summary>
internal sealed class UpstreamConnection(ReactorSocket socket, UpstreamRegistry.Registration? registration) : IDisposable
{
    public ReactorSocket Socket => socket;

    /// <summary>The connection as a stream, which then owns it; this object is done.</summary>
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
