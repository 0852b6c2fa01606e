using System.Net.Sockets;

namespace Everyport.Proxy.Connections;

/// <summary>A TCP connection to a destination, known to <see cref="UpstreamRegistry"/> for as long as it is open.</summary>
internal sealed class UpstreamConnection(Socket socket, UpstreamRegistry.Registration registration) : IDisposable
{
    public Socket Socket => socket;

    /// <summary>The connection as a stream, which then owns it.</summary>
    public Stream ToStream() => new UpstreamStream(this);

    public void Dispose()
    {
        socket.Dispose();
        registration.Dispose();
    }

    private sealed class UpstreamStream(UpstreamConnection connection) : NetworkStream(connection.Socket, ownsSocket: true)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
                connection.Dispose();
        }
    }
}
