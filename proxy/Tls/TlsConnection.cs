using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Tls;

/// <summary>
/// What is known of a connection on which TLS ends here: a feature of the connection, and so of its requests. The certificate was
/// chosen from the hello, and stays the one of this connection whatever is reloaded.
/// </summary>
internal sealed class TlsConnection(ServedCertificate certificate, ClientHello hello)
{
    public ServedCertificate Certificate => certificate;

    public ClientHello Hello => hello;

    /// <summary>What was wrong with the certificate that the client showed, or had to show.</summary>
    public HandshakeFailure? ClientCertificateFailure { get; set; }

    /// <summary>Is cancelled when the handshake has taken too long.</summary>
    public CancellationToken TimeIsOver { get; set; }

    /// <summary>Whether the handshake has come to a good end.</summary>
    public bool IsSecure { get; set; }
}
