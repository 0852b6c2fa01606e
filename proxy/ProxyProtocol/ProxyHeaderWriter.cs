using Everyport.Proxy.Routing;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>Writes the PROXY header that tells a destination who the client is, and where it dialled.</summary>
internal static class ProxyHeaderWriter
{
    /// <summary>Bytes of a host name or an ALPN: as many as DNS and TLS allow.</summary>
    public const int MaxExtensionLength = 255;

    /// <summary>Bytes of the longest header.</summary>
    public const int MaxLength = BinaryHeader.FixedLength + BinaryHeader.IPv6Length
        + BinaryHeader.ExtensionHeaderLength + BinaryHeader.ChecksumLength
        + 2 * (BinaryHeader.ExtensionHeaderLength + MaxExtensionLength);

    /// <summary>Writes a header for a connection that is made for no client, such as a health check, and returns its length.</summary>
    public static int WriteLocal(Span<byte> destination, ProxyProtocolVersion version) =>
        version == ProxyProtocolVersion.V1 ? TextHeaderWriter.WriteUnknown(destination) : BinaryHeaderWriter.WriteLocal(destination);

    /// <summary>Writes a header and returns its length.</summary>
    /// <param name="destination">Takes <see cref="MaxLength"/> bytes.</param>
    /// <param name="version">The form.</param>
    /// <param name="steered">The client and its original destination.</param>
    /// <param name="authority">The host name that the client asks for (SNI); empty where there is none. Version 1 cannot tell it.</param>
    /// <param name="alpn">The ALPN; empty where there is none. Version 1 cannot tell it.</param>
    public static int Write(
        Span<byte> destination, ProxyProtocolVersion version, in Steered steered, ReadOnlySpan<byte> authority = default, ReadOnlySpan<byte> alpn = default) =>
        version == ProxyProtocolVersion.V1
            ? TextHeaderWriter.Write(destination, steered)
            : BinaryHeaderWriter.Write(destination, steered, authority, alpn);
}
