namespace Everyport.Proxy.Tls.Upstream;

/// <summary>Why TLS towards a destination failed. The names reach logs and metrics as they are.</summary>
internal enum UpstreamTlsFailure
{
    /// <summary>The certificate is for other names.</summary>
    NameMismatch,

    /// <summary>The certificate, or one of its chain, is no longer valid.</summary>
    Expired,

    /// <summary>The certificate, or one of its chain, is not valid yet.</summary>
    NotYetValid,

    /// <summary>The certificate is signed by nobody whom we trust.</summary>
    UnknownAuthority,

    /// <summary>Anything else about the certificate.</summary>
    BadCertificate,

    /// <summary>The two sides agree on nothing, the destination does not want us, or it speaks no TLS.</summary>
    HandshakeFailed,

    /// <summary>The destination did not finish the handshake in time.</summary>
    TimedOut,
}
