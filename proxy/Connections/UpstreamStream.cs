using System.Net.Sockets;

namespace Everyport.Proxy.Connections;

/// <summary>What an HTTP client of .NET reads and writes.</summary>
internal sealed class UpstreamStream(int descriptor, UpstreamRegistry.Registration? registration)
    : NetworkStream(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)), ownsSocket: true)
{
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            registration?.Dispose();
    }
}
