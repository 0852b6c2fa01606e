namespace Everyport.Proxy.Sniffing.Quic;

/// <summary>The kinds of packets with a long header (RFC 9000, section 17.2), with the numbers that version 1 has for them.</summary>
internal enum QuicPacketType
{
    /// <summary>Carries the first messages of the handshake; anybody can read it.</summary>
    Initial = 0,

    /// <summary>Early data of a client that resumes a session.</summary>
    ZeroRtt = 1,

    /// <summary>Carries the rest of the handshake.</summary>
    Handshake = 2,

    /// <summary>A server asks the client to prove its address.</summary>
    Retry = 3,
}
