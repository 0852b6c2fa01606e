using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.Proxy.Tls;

/// <summary>Says how a handshake with a client goes.</summary>
internal static class ServerTls
{
    /// <summary>The options for one handshake. They are made anew each time, as the building of a chain writes into its policy.</summary>
    /// <param name="connection">The connection, with its certificate.</param>
    /// <param name="protocols">What may be spoken inside (ALPN), the preferred one first.</param>
    public static SslServerAuthenticationOptions OptionsFor(TlsConnection connection, List<SslApplicationProtocol> protocols)
    {
        var (config, loaded) = (connection.Certificate.Config, connection.Certificate.Loaded);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = loaded.Context,
            EnabledSslProtocols = config.Protocols,
            ApplicationProtocols = protocols,
            AllowRenegotiation = false,
        };
        if (config.ClientCertificates == ClientCertificateMode.Off)
            return options;

        options.ClientCertificateRequired = true; // asked for, that is; what is required is decided below
        options.CertificateChainPolicy = loaded.Clients!.NewPolicy();
        options.RemoteCertificateValidationCallback = (_, shown, chain, errors) => IsAccepted(connection, shown, chain, errors);
        return options;
    }

    private static bool IsAccepted(TlsConnection connection, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        var (config, loaded) = (connection.Certificate.Config, connection.Certificate.Loaded);
        if (shown is null && config.ClientCertificates == ClientCertificateMode.Request)
            return true;
        if (errors == SslPolicyErrors.None)
        {
            loaded.Clients!.Remember(chain!);
            return true;
        }
        connection.ClientCertificateFailure = shown is null ? HandshakeFailure.ClientCertificateMissing : HandshakeFailure.ClientCertificateRefused;
        return false;
    }
}
