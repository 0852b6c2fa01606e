using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Everyport.Proxy.Sniffing.Quic;

/// <summary>
/// Reads the name and the protocols that a QUIC client asks for, out of the first datagrams of a flow (RFC 9001, section 5;
/// RFC 9369). Whoever routes by them keeps these datagrams until the answer is there, and sends them on then.
/// </summary>
internal static class QuicSniffer
{
    /// <summary>Of so many datagrams the answer is known: twice as many as the longest hello fills.</summary>
    public const int MaxDatagrams = 32;

    /// <summary>Servers discard Initial packets in smaller datagrams (RFC 9000, section 14.1).</summary>
    public const int MinDatagramLength = 1200;

    /// <summary>Bounds what a datagram costs that is made of very small packets; clients send one or two, and early data.</summary>
    private const int MaxPackets = 8;

    /// <summary>
    /// Classifies the next datagram of a flow, with what is known from those before; <paramref name="state"/> begins as
    /// null. <see cref="SniffedProtocol.Unknown"/> asks for another datagram; otherwise the answer is final, and the state is
    /// gone. What is not QUIC, or of a version that cannot be read, is <see cref="SniffedProtocol.Raw"/>.
    /// Datagrams are counted from the first part of a hello on; how long to wait for that part, where early data has
    /// overtaken it, is for the caller to decide.
    /// </summary>
    public static FirstBytes Classify(ReadOnlySpan<byte> datagram, ref QuicHelloState? state)
    {
        var status = Read(datagram, ref state, out var hello);
        if (status == ClientHelloStatus.Incomplete)
            return new FirstBytes(SniffedProtocol.Unknown);
        state?.Dispose();
        state = null;
        return status == ClientHelloStatus.Complete ? new FirstBytes(SniffedProtocol.Quic, hello) : new FirstBytes(SniffedProtocol.Raw);
    }

    private static ClientHelloStatus Read(ReadOnlySpan<byte> datagram, ref QuicHelloState? state, out ClientHello? hello)
    {
        hello = null;
        if (state is not null && state.Datagrams++ >= MaxDatagrams)
            return ClientHelloStatus.Malformed;

        var rest = datagram;
        ReadOnlySpan<byte> address = default;
        var hasEarlyData = false;
        for (var packets = 0; packets < MaxPackets && QuicLongHeader.TryRead(rest, out var header); packets++)
        {
            // All packets of a datagram belong to one connection (RFC 9000, section 12.2).
            if (packets > 0 && !header.Address.SequenceEqual(address))
                break;
            address = header.Address;
            rest = rest[header.Packet.Length..];
            hasEarlyData |= header.Type == QuicPacketType.ZeroRtt;
            if (header.Type != QuicPacketType.Initial)
                continue;
            if (datagram.Length < MinDatagramLength || !TryReadInitial(header, ref state, out var status, out hello))
                break;
            if (status != ClientHelloStatus.Incomplete)
                return status;
        }
        // Early data may overtake the packet that it depends on.
        return state is null && !hasEarlyData ? ClientHelloStatus.Malformed : ClientHelloStatus.Incomplete;
    }

    /// <summary>False where the packet cannot be opened.</summary>
    private static bool TryReadInitial(in QuicLongHeader header, ref QuicHelloState? state, out ClientHelloStatus status, out ClientHello? hello)
    {
        (status, hello) = (ClientHelloStatus.Malformed, null);
        var work = ArrayPool<byte>.Shared.Rent(QuicInitialKeys.WorkLength(header.Packet.Length));
        try
        {
            if (!TryOpen(header, ref state, work, out var payload))
                return false;
            if (QuicInitialFrames.TryRead(payload, state.Hello))
                status = state.Hello.Read(out hello);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(work);
        }
    }

    /// <summary>
    /// Opens a packet with the keys of the attempt. What they do not open may be the first of another attempt (or the
    /// first after a Retry), which then takes its place.
    /// </summary>
    private static bool TryOpen(in QuicLongHeader header, [NotNullWhen(true)] ref QuicHelloState? state, Span<byte> work, out ReadOnlySpan<byte> payload)
    {
        if (state is not null && state.Keys.TryOpen(header, work, out payload))
            return true;
        payload = default;
        if (state is not null && header.Address.SequenceEqual(state.Address))
            return false;

        var keys = new QuicInitialKeys(header.Version, header.DestinationId);
        if (!keys.TryOpen(header, work, out payload))
        {
            keys.Dispose();
            return false;
        }
        state?.Dispose();
        state = new QuicHelloState(header.Address.ToArray(), keys);
        return true;
    }
}
