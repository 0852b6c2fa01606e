using System.Buffers;
using Everyport.Proxy.Live;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Http.Transport;

/// <summary>Gives HTTP connections to Kestrel, with the addresses that the dispatcher has found out.</summary>
internal sealed class HttpHandOver(VirtualListeners listeners, MemoryPool<byte> memory)
{
    /// <summary>Serves a connection until it is closed; comes back on the reactor.</summary>
    public async ValueTask ServeAsync(Reactor reactor, ReactorSocket socket, FirstBytes first, ServedCertificate? certificate, Steered steered, LiveShelf live)
    {
        var isHttp2 = first.Protocol == SniffedProtocol.Http2;
        var connection = new ReactorConnection(reactor, socket, memory, steered, hasManyAnswers: isHttp2 || certificate is not null && OffersHttp2(first.Hello!));
        var endpoint = isHttp2 ? VirtualEndPoint.Http2 : VirtualEndPoint.Http1;
        if (certificate is not null)
        {
            connection.Features.Set(new TlsConnection(certificate, first.Hello!));
            endpoint = VirtualEndPoint.Tls;
        }
        var served = new ServedConnection(connection, socket, steered, first.Hello?.ServerName, reactor.Now);
        connection.Features.Set(served);
        if (!listeners.Post(endpoint, connection))
            return;
        live.Add(served);
        try
        {
            await connection.ClosedAsync();
        }
        finally
        {
            live.Remove(served);
        }
    }

    /// <summary>Whoever offers it gets it.</summary>
    private static bool OffersHttp2(ClientHello hello) => hello.Alpn.Contains("h2");
}
