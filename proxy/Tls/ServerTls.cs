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
        options.CertificateChainPolicy = NewPolicy(loaded.ClientRoots!);
        options.RemoteCertificateValidationCallback = (_, shown, _, errors) => IsAccepted(connection, shown, errors);
        return options;
    }

    private static bool IsAccepted(TlsConnection connection, X509Certificate? shown, SslPolicyErrors errors)
    {
        if (shown is null && connection.Certificate.Config.ClientCertificates == ClientCertificateMode.Request || errors == SslPolicyErrors.None)
            return true;
        connection.ClientCertificateFailure = shown is null ? HandshakeFailure.ClientCertificateMissing : HandshakeFailure.ClientCertificateRefused;
        return false;
    }

    /// <summary>Nothing is fetched: a client could name any address in its certificate. Whoever revokes certificates issues them for short.</summary>
    private static X509ChainPolicy NewPolicy(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
