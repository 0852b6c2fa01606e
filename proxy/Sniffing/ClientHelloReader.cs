using System.Buffers;
using System.Buffers.Binary;

namespace Everyport.Proxy.Sniffing;

/// <summary>
/// Finds the ClientHello at the beginning of a connection: takes it out of the records that carry it (RFC 8446,
/// section 5.1), and leaves what is in it to <see cref="ClientHelloParser"/>. A call costs no more than a walk over the
/// record headers until everything has arrived, so that it may be repeated at each byte of a slow client.
/// </summary>
internal static class ClientHelloReader
{
    /// <summary>
    /// Over as many records a hello may be spread: enough for an ordinary one in records of a single byte. It bounds
    /// what a client can make each call cost.
    /// </summary>
    public const int MaxRecords = 1024;

    /// <summary>With so many bytes, the hello is complete or malformed.</summary>
    public const int MaxLength = ClientHelloMessage.MaxLength + MaxRecords * RecordHeader;

    private const int RecordHeader = 5, MaxRecordLength = 16 * 1024;
    private const byte HandshakeRecord = 22, MajorVersion = 3;

    /// <summary>Reads what has arrived so far; bytes after the hello, such as early data, are left alone.</summary>
    public static ClientHelloStatus Read(ReadOnlySpan<byte> data, out ClientHello? hello)
    {
        hello = null;
        var status = Measure(data, out var length, out var records);
        if (status != ClientHelloStatus.Complete)
            return status;
        if (records == 1)
            return ClientHelloMessage.Parse(data.Slice(RecordHeader, length), out hello);

        var message = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Reassemble(data, message.AsSpan(0, length));
            return ClientHelloMessage.Parse(message.AsSpan(0, length), out hello);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    /// <summary>
    /// Walks over the records. When it is complete, <paramref name="length"/> is that of the whole message with its
    /// header, and <paramref name="records"/> says over how many records it is spread.
    /// </summary>
    private static ClientHelloStatus Measure(ReadOnlySpan<byte> data, out int length, out int records)
    {
        (length, records) = (0, 0);
        Span<byte> header = stackalloc byte[ClientHelloMessage.HeaderLength];
        for (var gathered = 0; records < MaxRecords;)
        {
            if (!MayBeRecord(data))
                return ClientHelloStatus.Malformed;
            if (data.Length < RecordHeader)
                return ClientHelloStatus.Incomplete;
            var fragment = FragmentOf(data, out var recordLength);

            if (gathered < header.Length)
                fragment[..Math.Min(fragment.Length, header.Length - gathered)].CopyTo(header[gathered..]);
            gathered += fragment.Length;
            records++;
            var status = ClientHelloMessage.Measure(header, gathered, out length);
            if (status != ClientHelloStatus.Incomplete)
                return status;
            if (fragment.Length < recordLength)
                return ClientHelloStatus.Incomplete;
            data = data[(RecordHeader + recordLength)..];
        }
        return ClientHelloStatus.Malformed;
    }

    /// <summary>
    /// Whether as much of a record header as is there fits a handshake record. The minor version says nothing, and
    /// an empty record is not allowed.
    /// </summary>
    private static bool MayBeRecord(ReadOnlySpan<byte> data) =>
        (data.Length < 1 || data[0] == HandshakeRecord)
        && (data.Length < 2 || data[1] == MajorVersion)
        && (data.Length < RecordHeader || BinaryPrimitives.ReadUInt16BigEndian(data[3..]) is > 0 and <= MaxRecordLength);

    /// <summary>What has arrived of the content of the first record.</summary>
    private static ReadOnlySpan<byte> FragmentOf(ReadOnlySpan<byte> data, out int recordLength)
    {
        recordLength = BinaryPrimitives.ReadUInt16BigEndian(data[3..]);
        return data.Slice(RecordHeader, Math.Min(recordLength, data.Length - RecordHeader));
    }

    private static void Reassemble(ReadOnlySpan<byte> data, Span<byte> message)
    {
        while (!message.IsEmpty)
        {
            var fragment = FragmentOf(data, out var recordLength);
            fragment = fragment[..Math.Min(fragment.Length, message.Length)];
            fragment.CopyTo(message);
            message = message[fragment.Length..];
            data = data[Math.Min(data.Length, RecordHeader + recordLength)..];
        }
    }
}
