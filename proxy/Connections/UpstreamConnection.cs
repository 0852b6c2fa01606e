using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Connections;

/// <summary>A TCP connection to a destination, known to <see cref="UpstreamRegistry"/> for as long as it is open.</summary>
internal sealed class UpstreamConnection(ReactorSocket socket, UpstreamRegistry.Registration registration) : IDisposable
{
    public ReactorSocket Socket => socket;

    /// <summary>The connection as a stream of .NET, which then owns it; this object is done.</summary>
    public Stream Detach() => new UpstreamStream(socket.Detach(), registration);

    public void Dispose()
    {
        socket.Dispose();
        registration.Dispose();
    }
}
