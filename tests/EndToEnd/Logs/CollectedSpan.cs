using System.Globalization;
using System.Text;

namespace Everyport.EndToEnd.Tests.Logs;

/// <summary>A span as a collector gets it (opentelemetry/proto/trace/v1/trace.proto).</summary>
internal sealed record CollectedSpan(string Trace, string Id, string Parent, string Name, ulong Kind, ulong Started, ulong Ended, ulong Status, IReadOnlyDictionary<string, string> Attributes)
{
    public const ulong Server = 2, Client = 3, Error = 2;

    public static CollectedSpan Read(byte[] message)
    {
        var fields = Protobuf.Fields(message);
        return new CollectedSpan(
            Hexadecimal(1), Hexadecimal(2), Hexadecimal(4), Encoding.UTF8.GetString(Bytes(5)), Number(6), Number(7), Number(8),
            Protobuf.Messages(message, 15).SelectMany(Protobuf.Fields).FirstOrDefault(field => field.Field == 3).Number,
            Protobuf.Messages(message, 9).ToDictionary(
                pair => Encoding.UTF8.GetString(Protobuf.Messages(pair, 1).Single()),
                pair => ValueOf(Protobuf.Fields(Protobuf.Messages(pair, 2).Single()).Single())));

        byte[] Bytes(int number) => fields.FirstOrDefault(field => field.Field == number).Bytes ?? [];

        ulong Number(int number) => fields.FirstOrDefault(field => field.Field == number).Number;

        string Hexadecimal(int number) => Convert.ToHexStringLower(Bytes(number));
    }

    private static string ValueOf((int Field, byte[]? Bytes, ulong Number) value) =>
        value.Bytes is { } text ? Encoding.UTF8.GetString(text) : value.Number.ToString(CultureInfo.InvariantCulture);
}
