namespace Everyport.Proxy.Sniffing.Quic;

/// <summary>
/// Reads the connection IDs that any version of QUIC shows (RFC 8999), to keep a flow with its destination when the
/// address of the client changes.
/// </summary>
/// <remarks>
/// The IDs that a client addresses are those that its server chose. The server shows them, with their length, as the source
/// in its long headers; in the client's short headers they have no length, so one has to try those that servers use. A
/// client whose address changes without its doing (a NAT has forgotten it) keeps the ID, and is found. One that moves on
/// purpose takes an ID that it got encrypted (RFC 9000, section 9.5): nobody on the way can know that one.
/// </remarks>
internal static class QuicHeader
{
    private const byte LongForm = 0x80;

    /// <summary>
    /// Reads a long header, the client's or the server's. False where there is none, and for IDs longer than any version in use
    /// has. The bit that is called fixed may be 0 (RFC 9287), so much that is not QUIC passes as well.
    /// </summary>
    public static bool TryGetLongHeader(ReadOnlySpan<byte> datagram, out uint version, out ReadOnlySpan<byte> destinationId, out ReadOnlySpan<byte> sourceId)
    {
        var reader = new WireReader(datagram);
        return TryReadLongHeader(ref reader, out _, out version, out destinationId, out sourceId);
    }

    /// <summary>
    /// The bytes that the destination connection ID of a short header begins, 20 at most: it is as many of them as the server's
    /// IDs have. Empty for a long header.
    /// </summary>
    public static ReadOnlySpan<byte> ShortHeaderBytes(ReadOnlySpan<byte> datagram) =>
        datagram.IsEmpty || (datagram[0] & LongForm) != 0 ? default : datagram[1..Math.Min(datagram.Length, 1 + QuicConnectionId.MaxLength)];

    /// <summary>As <see cref="TryGetLongHeader"/>; what follows the IDs depends on the version and is left in the reader.</summary>
    public static bool TryReadLongHeader(scoped ref WireReader reader, out byte first, out uint version, out ReadOnlySpan<byte> destinationId, out ReadOnlySpan<byte> sourceId)
    {
        version = 0;
        destinationId = sourceId = default;
        return reader.TryReadByte(out first) && (first & LongForm) != 0 && reader.TryReadUInt32(out version)
            && reader.TryReadVector8(out destinationId) && destinationId.Length <= QuicConnectionId.MaxLength
            && reader.TryReadVector8(out sourceId) && sourceId.Length <= QuicConnectionId.MaxLength;
    }
}
