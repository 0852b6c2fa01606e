namespace Everyport.Proxy.Tls;

/// <summary>Why a TLS handshake has failed for which there was a certificate. The names reach logs and metrics unchanged.</summary>
internal enum HandshakeFailure
{
    /// <summary>It was not over within <c>Tls:HandshakeTimeout</c>.</summary>
    TimedOut,

    /// <summary>The client speaks no version of TLS that the certificate's <c>MinVersion</c> allows.</summary>
    Version,

    /// <summary>The client offers protocols (ALPN), and none of them is spoken here.</summary>
    Protocol,

    /// <summary>The client has to show a certificate, and shows none.</summary>
    ClientCertificateMissing,

    /// <summary>The certificate of the client does not come from <c>ClientRoots</c>, or has expired, or is not for clients.</summary>
    ClientCertificateRefused,

    /// <summary>The client ended it, perhaps as it does not trust our certificate, or it does not follow the protocol.</summary>
    Broken,
}
