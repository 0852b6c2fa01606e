using System.Buffers;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Http.Transport;

/// <summary>Gives HTTP connections to Kestrel, with the addresses that the dispatcher has found out.</summary>
internal sealed class HttpHandOver(VirtualListeners listeners, MemoryPool<byte> memory)
{
    /// <summary>Serves a connection until it is closed; comes back on the reactor.</summary>
    public async ValueTask ServeAsync(Reactor reactor, ReactorSocket socket, FirstBytes first, ServedCertificate? certificate, Steered steered)
    {
        var connection = new ReactorConnection(reactor, socket, memory, steered);
        var endpoint = first.Protocol == SniffedProtocol.Http2 ? VirtualEndPoint.Http2 : VirtualEndPoint.Http1;
        if (certificate is not null)
        {
            connection.Features.Set(new TlsConnection(certificate, first.Hello!));
            endpoint = VirtualEndPoint.Tls;
        }
        if (listeners.Post(endpoint, connection))
            await connection.ClosedAsync();
    }
}
