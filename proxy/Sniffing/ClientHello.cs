namespace Everyport.Proxy.Sniffing;

/// <summary>
/// What a TLS client asks for before anything is encrypted: <paramref name="ServerName"/>, in lower case and without a
/// trailing dot, or null where it names none (RFC 6066, section 3); <paramref name="Alpn"/>, the protocols that it
/// offers, the preferred one first (RFC 7301, section 3.1). With Encrypted Client Hello, both are those of the outer hello.
/// </summary>
internal sealed record ClientHello(string? ServerName, IReadOnlyList<string> Alpn)
{
    public bool OffersTls12 { get; init; } = true;

    public bool OffersTls13 { get; init; }
}
