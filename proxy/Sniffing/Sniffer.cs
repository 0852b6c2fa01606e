namespace Everyport.Proxy.Sniffing;

/// <summary>Reads all that routing asks of the first bytes of a connection: the protocol, and for TLS the ClientHello.</summary>
internal static class Sniffer
{
    /// <summary>How many bytes are worth looking at: with so many, the answer is never <see cref="SniffedProtocol.Unknown"/>.</summary>
    public const int MaxLength = ClientHelloReader.MaxLength;

    /// <summary>
    /// Classifies what has arrived so far. TLS stays <see cref="SniffedProtocol.Unknown"/> until its ClientHello is
    /// complete; what begins as TLS does but has no proper ClientHello is <see cref="SniffedProtocol.Raw"/>.
    /// </summary>
    public static FirstBytes Classify(ReadOnlySpan<byte> data)
    {
        var protocol = ProtocolSniffer.Classify(data);
        if (protocol != SniffedProtocol.Tls)
            return new FirstBytes(protocol);
        return ClientHelloReader.Read(data, out var hello) switch
        {
            ClientHelloStatus.Incomplete => new FirstBytes(SniffedProtocol.Unknown),
            ClientHelloStatus.Malformed => new FirstBytes(SniffedProtocol.Raw),
            _ => new FirstBytes(SniffedProtocol.Tls, hello),
        };
    }
}
