using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Tls;

/// <summary>
/// What a client is told for which there is neither a certificate nor a stream, in a record that is made by hand (RFC 8446,
/// sections 5.1 and 6): no handshake has begun, and so nothing is encrypted.
/// </summary>
internal static class TlsAlert
{
    public const byte HandshakeFailure = 40, MissingExtension = 109, UnrecognizedName = 112;

    private const byte AlertRecord = 21, MajorVersion = 3, MinorVersion = 3, Fatal = 2;

    /// <summary>
    /// <c>unrecognized_name</c> is for a name that was sent (RFC 6066, section 9); <c>missing_extension</c> for one that was not, and only TLS 1.3
    /// knows it (RFC 8446, section 9.2). Before, there was no more to say than that the handshake has failed.
    /// </summary>
    public static byte For(ClientHello hello) =>
        hello.ServerName is not null ? UnrecognizedName : hello.OffersTls13 ? MissingExtension : HandshakeFailure;

    /// <summary>The record for a description.</summary>
    public static byte[] Record(byte description) => [AlertRecord, MajorVersion, MinorVersion, 0, 2, Fatal, description];
}
