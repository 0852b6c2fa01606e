namespace Everyport.Proxy.Sniffing;

/// <summary>What the first bytes of a connection say; <paramref name="Hello"/> is there for TLS and QUIC, and for nothing else.</summary>
internal readonly record struct FirstBytes(SniffedProtocol Protocol, ClientHello? Hello = null);
