using System.Net.Sockets;

namespace Everyport.Proxy.Connections;

/// <summary>What an HTTP client of .NET reads and writes.</summary>
internal sealed class UpstreamStream(Socket socket, UpstreamRegistry.Registration? registration)
    : NetworkStream(socket, ownsSocket: true)
{
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            registration?.Dispose();
    }
}
