using System.Text;
using CsCheck;
using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Tests.Sniffing;

/// <summary>What holds for any bytes at all.</summary>
public class SnifferPropertyTests
{
    private static readonly string[] Fragments =
        ["GET", "PRI", " ", "*", "/", "a", "\r", "\n", "\r\n", " HTTP/1.1", " HTTP/2.0", "SM", "\u0016", "\u0003", "\0", "\u00ff", "RTSP/1.0", "PRI * HTTP/2.0\r\n\r\n"];

    /// <summary>Bytes that come close to each protocol, and bytes that do not.</summary>
    private static readonly Gen<byte[]> Bytes = Gen.OneOf(
        Gen.Byte.Array[0, 64],
        Gen.Int[0, Fragments.Length - 1].Array[0, 12].Select(picks => Encoding.Latin1.GetBytes(string.Concat(picks.Select(pick => Fragments[pick])))));

    [Fact]
    public void A_decision_once_made_never_changes_with_more_bytes() => Bytes.Sample(data =>
    {
        var decided = SniffedProtocol.Unknown;
        for (var length = 0; length <= data.Length; length++)
        {
            var now = ProtocolSniffer.Classify(data.AsSpan(0, length));
            if (decided != SniffedProtocol.Unknown && now != decided)
                return false;
            decided = now;
        }
        return true;
    }, iter: 20_000);

    [Theory]
    [InlineData("GET /")]
    [InlineData("\r\nGET /")]
    [InlineData("SAY ")]
    public void A_decision_about_a_long_line_never_changes_either(string beginning)
    {
        foreach (var ending in (string[])[" HTTP/1.1\r\n", " RTSP/1.0\r\n", "\n"])
        {
            for (var total = ProtocolSniffer.MaxLength - 20; total <= ProtocolSniffer.MaxLength; total++)
            {
                var data = Encoding.Latin1.GetBytes((beginning + new string('a', total - beginning.Length - ending.Length) + ending).PadRight(ProtocolSniffer.MaxLength, 'x'));
                var decided = SniffedProtocol.Unknown;
                for (var length = total - 20; length <= ProtocolSniffer.MaxLength; length++)
                {
                    var now = ProtocolSniffer.Classify(data.AsSpan(0, length));
                    Assert.True(decided is SniffedProtocol.Unknown || now == decided, $"{decided} became {now} at {length} bytes, line of {total}");
                    decided = now;
                }
            }
        }
    }

    [Fact]
    public void As_many_bytes_as_are_ever_looked_at_are_always_enough() =>
        Gen.Select(Bytes, Gen.Byte.Where(b => b != '\n')).Sample((data, filler) =>
        {
            var full = new byte[ProtocolSniffer.MaxLength];
            Array.Fill(full, filler);
            data.CopyTo(full, 0);
            return ProtocolSniffer.Classify(full) != SniffedProtocol.Unknown;
        }, iter: 5_000);
}
