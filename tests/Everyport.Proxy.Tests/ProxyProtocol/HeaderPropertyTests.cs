using System.Text;
using CsCheck;
using Everyport.Proxy.ProxyProtocol;

namespace Everyport.Proxy.Tests.ProxyProtocol;

/// <summary>What holds for any header, and for any bytes at all.</summary>
public class HeaderPropertyTests
{
    private static readonly string[] Fragments =
    [
        "PROXY ", "TCP4", "TCP6", "UNKNOWN", " ", "192.0.2.1", "::1", "1:2:3:4:5:6:7:8", "443", "0", "65535", "\r", "\n", "\r\n", ".", ":",
        "\r\n\r\n\0\r\nQUIT\n", "!", " ", "\x11", "\x31", "\0", "\0\f", "\u0003\0\u0004", "\u0001\0\u0001a", "\0\0\0\0\0\0\0\0\0\0\0\0",
    ];

    /// <summary>Headers with some bytes changed, texts of nearly the right words, and noise.</summary>
    private static readonly Gen<byte[]> Bytes = Gen.OneOf(
        Gen.Byte.Array[0, 64],
        Gen.Int[0, Fragments.Length - 1].Array[0, 12].Select(picks => Encoding.Latin1.GetBytes(string.Concat(picks.Select(pick => Fragments[pick])))),
        Gen.Select(Headers.Valid, Gen.Select(Gen.Int[0, 600], Gen.Byte).Array[0, 3]).Select((header, changes) =>
        {
            foreach (var (at, value) in changes)
                header[at % header.Length] = value;
            return header;
        }));

    [Fact]
    public void What_was_written_as_text_reads_the_same() => Headers.SameFamily.Sample(steered =>
    {
        var header = Headers.Write(ProxyProtocolVersion.V1, steered);
        Assert.InRange(header.Length, 1, TextHeader.MaxLength);
        Headers.AssertComplete(header.Length, steered, ProxyHeaderReader.Read(header));
    }, iter: 20_000);

    [Fact]
    public void What_was_written_in_binary_reads_the_same_with_its_extensions() =>
        Gen.Select(Headers.Any, Gen.Byte.Array[0, 255], Gen.Byte.Array[0, 255]).Sample((steered, authority, alpn) =>
        {
            var header = Headers.Write(ProxyProtocolVersion.V2, steered, authority, alpn);
            var read = ProxyHeaderReader.Read(header);
            Headers.AssertComplete(header.Length, steered, read);
            Assert.Equal(authority, header[read.Authority]);
            Assert.Equal(alpn, header[read.Alpn]);
        }, iter: 5_000);

    [Fact]
    public void Every_beginning_of_a_header_needs_more() => Headers.Valid.Sample(header =>
        Enumerable.Range(0, header.Length).All(length => ProxyHeaderReader.Read(header.AsSpan(0, length)).Status == ProxyHeaderStatus.NeedMore), iter: 2_000);

    [Fact]
    public void What_follows_a_header_changes_nothing() => Gen.Select(Headers.Valid, Gen.Byte.Array[0, 50]).Sample((header, payload) =>
        ProxyHeaderReader.Read([.. header, .. payload]) == ProxyHeaderReader.Read(header), iter: 5_000);

    [Fact]
    public void A_decision_once_made_never_changes_and_never_claims_more_than_was_given() => Bytes.Sample(data =>
    {
        var decided = ProxyHeader.NeedMore;
        for (var length = 0; length <= data.Length; length++)
        {
            var now = ProxyHeaderReader.Read(data.AsSpan(0, length));
            if (now.Length > length || (decided.Status != ProxyHeaderStatus.NeedMore && now != decided))
                return false;
            decided = now;
        }
        return true;
    }, iter: 20_000);

    [Fact]
    public void As_many_bytes_as_are_ever_looked_at_are_always_enough() => Gen.Select(Bytes, Gen.Byte).Sample((data, filler) =>
    {
        var full = new byte[ProxyHeaderReader.MaxLength];
        Array.Fill(full, filler);
        data.CopyTo(full, 0);
        return ProxyHeaderReader.Read(full).Status != ProxyHeaderStatus.NeedMore;
    }, iter: 5_000);

    /// <summary>Left out is what tells that there is a checksum, and of which bytes: the length of the header, and the type of the first extension.</summary>
    [Fact]
    public void A_bit_changed_under_a_checksum_is_malformed() =>
        Gen.Select(Headers.Any, Gen.Byte.Array[0, 100], Gen.Int[0, 1000], Gen.Int[0, 7]).Sample((steered, authority, pick, bit) =>
        {
            var header = Headers.Write(ProxyProtocolVersion.V2, steered, authority);
            var at = pick % header.Length;
            var type = BinaryHeader.FixedLength + BinaryHeader.AddressesLength(header[BinaryHeader.FamilyOffset]);
            if (at is BinaryHeader.LengthOffset or BinaryHeader.LengthOffset + 1 || at == type)
                return true;
            header[at] ^= (byte)(1 << bit);
            return ProxyHeaderReader.Read(header).Status == ProxyHeaderStatus.Malformed;
        }, iter: 20_000);
}
