using System.Net.Security;
using System.Security.Authentication;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Streams;

/// <summary>TLS of clients that ends here, on a reactor.</summary>
internal sealed class ClientTls(Reactor reactor, TimeSpan timeout, HandshakeFailures failures)
{
    /// <summary>Null where it fails or takes too long, which has been counted then. The caller still owns the socket.</summary>
    public async Task<StreamEnd?> DecryptAsync(PendingStream pending, TlsConnection connection)
    {
        var transport = new TlsTransport(reactor, pending.Client) { ContinuesElsewhere = true };
        var tls = new SslStream(transport);
        using var deadline = new HandshakeDeadline(reactor, pending.Client, timeout);
        try
        {
            await tls.AuthenticateAsServerAsync(ServerTls.OptionsFor(connection, pending.Stream.Protocols), deadline.Token);
            transport.ContinuesElsewhere = false;
            HandshakeMetrics.Count(connection, tls.SslProtocol);
            pending.Protocol = tls.NegotiatedApplicationProtocol;
            return new StreamEnd(pending.Client, transport, tls);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            // The stream has been chosen by what the client offers inside: that cannot be the reason.
            if (!reactor.IsStopping)
                failures.Add(connection, deadline.Token.IsCancellationRequested, connection.Hello.Alpn, pending.Steered.Client);
            await tls.DisposeAsync();
            return null;
        }
    }
}
