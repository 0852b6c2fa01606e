using System.Security.Authentication;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Tls.Upstream;

namespace Everyport.Proxy.Streams;

/// <summary>TLS on a connection to a destination, on a reactor.</summary>
internal static class DestinationTls
{
    /// <summary>Null where it fails or takes too long, which has been told of then. The caller still owns the socket.</summary>
    public static async Task<StreamEnd?> EncryptAsync(Reactor reactor, ReactorSocket socket, UpstreamTls tls, UpstreamHandshake handshake, TimeSpan timeout)
    {
        var transport = new TlsTransport(reactor, socket) { ContinuesElsewhere = true };
        using var deadline = new HandshakeDeadline(reactor, socket, timeout);
        try
        {
            var encrypted = await tls.ConnectAsync(transport, handshake, deadline.Token);
            transport.ContinuesElsewhere = false;
            return new StreamEnd(socket, transport, encrypted);
        }
        catch (Exception e) when (e is AuthenticationException or OperationCanceledException)
        {
            transport.Dispose();
            return null;
        }
    }
}
