using Google.Protobuf;

namespace Everyport.EndToEnd.Tests.Logs;

/// <summary>Reads messages of Protocol Buffers by the numbers of their fields.</summary>
internal static class Protobuf
{
    /// <summary>What a path of fields leads to, each of which is a message, a string or bytes, and may be there many times.</summary>
    public static IEnumerable<byte[]> Messages(byte[] message, params int[] path)
    {
        foreach (var (field, bytes, _) in Fields(message).Where(found => found.Field == path[0] && found.Bytes is not null))
        {
            foreach (var found in path.Length == 1 ? [bytes!] : Messages(bytes!, path[1..]))
                yield return found;
        }
    }

    /// <summary>All fields of a message, with bytes or a number.</summary>
    public static IReadOnlyList<(int Field, byte[]? Bytes, ulong Number)> Fields(byte[] message)
    {
        var fields = new List<(int, byte[]?, ulong)>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            fields.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.LengthDelimited => (WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray(), 0),
                WireFormat.WireType.Varint => (WireFormat.GetTagFieldNumber(tag), null, input.ReadUInt64()),
                WireFormat.WireType.Fixed64 => (WireFormat.GetTagFieldNumber(tag), null, input.ReadFixed64()),
                WireFormat.WireType.Fixed32 => (WireFormat.GetTagFieldNumber(tag), null, input.ReadFixed32()),
                var other => throw new InvalidDataException($"{other} is not used by OTLP."),
            });
        }
        return fields;
    }
}
