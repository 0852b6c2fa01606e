namespace Everyport.Proxy.Sniffing.Quic;

/// <summary>
/// The header of one packet of a version that can be read, as far as it is not protected (RFC 9000, section 17.2). Several
/// packets may share a datagram (section 12.2); each says where it ends.
/// </summary>
internal readonly ref struct QuicLongHeader
{
    private QuicLongHeader(QuicVersion version, QuicPacketType type, ReadOnlySpan<byte> destinationId, ReadOnlySpan<byte> packet, int numberAt)
    {
        (Version, Type, NumberAt) = (version, type, numberAt);
        DestinationId = destinationId;
        Packet = packet;
    }

    public QuicVersion Version { get; }

    public QuicPacketType Type { get; }

    public ReadOnlySpan<byte> DestinationId { get; }

    /// <summary>The version and the destination connection ID, as they stand in the packet.</summary>
    public ReadOnlySpan<byte> Address => Packet[1..(1 + sizeof(uint) + 1 + DestinationId.Length)];

    /// <summary>The whole packet with its header.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    /// <summary>Where in the packet its number begins, and with it what is protected.</summary>
    public int NumberAt { get; }

    /// <summary>
    /// Reads the first packet of <paramref name="data"/>. False also for those that no other packet may follow: Retry, Version
    /// Negotiation and short headers.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out QuicLongHeader header)
    {
        header = default;
        var reader = new WireReader(data);
        if (!QuicHeader.TryReadLongHeader(ref reader, out var first, out var number, out var destinationId, out _)
            || QuicVersion.Find(number) is not { } version || version.TypeOf(first) is var type && type == QuicPacketType.Retry
            || type == QuicPacketType.Initial && !reader.TryReadVectorVariable(out _))
            return false;

        if (!reader.TryReadVariable(out var length) || length > (ulong)reader.Remaining)
            return false;
        var numberAt = data.Length - reader.Remaining;
        header = new QuicLongHeader(version, type, destinationId, data[..(numberAt + (int)length)], numberAt);
        return true;
    }
}
