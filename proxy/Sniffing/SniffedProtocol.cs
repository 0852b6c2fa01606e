namespace Everyport.Proxy.Sniffing;

/// <summary>What the first bytes of a connection say.</summary>
internal enum SniffedProtocol
{
    /// <summary>More bytes are needed.</summary>
    Unknown,

    /// <summary>An HTTP/1 request line (RFC 9112, section 3).</summary>
    Http1,

    /// <summary>The connection preface of HTTP/2 with prior knowledge (RFC 9113, section 3.4).</summary>
    Http2,

    /// <summary>A TLS handshake (RFC 8446, section 5.1).</summary>
    Tls,

    /// <summary>The first flight of a QUIC client (RFC 9000, section 17.2.2).</summary>
    Quic,

    /// <summary>Something else.</summary>
    Raw,
}
