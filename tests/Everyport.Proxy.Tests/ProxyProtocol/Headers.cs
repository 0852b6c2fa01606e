using System.Text;
using CsCheck;
using Everyport.Proxy.Routing;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Steering.Rules;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.ProxyProtocol;

/// <summary>Short forms for PROXY headers in tests, and all that the writer can write.</summary>
internal static class Headers
{
    private static readonly Gen<Address> IPv4 = Gen.UInt.Select(Address.FromIPv4);

    /// <summary>Many groups of zero, as real addresses have them; never a v4-mapped one.</summary>
    private static readonly Gen<Address> IPv6 = Gen.OneOf(Gen.Const((ushort)0), Gen.UShort).Array[8]
        .Select(groups => groups.Aggregate(UInt128.Zero, (bits, group) => bits << 16 | group))
        .Where(bits => bits >> 32 != 0xFFFF).Select(bits => new Address(true, bits));

    public static readonly Gen<Steered> SameFamily = Gen.OneOf(Of(IPv4, IPv4), Of(IPv6, IPv6));

    public static readonly Gen<Steered> Any = Gen.OneOf(SameFamily, Of(IPv4, IPv6), Of(IPv6, IPv4));

    private static readonly Gen<byte[]> Extension = Gen.OneOf(Gen.Byte.Array[0, 20], Gen.Byte.Array[ProxyHeaderWriter.MaxExtensionLength]);

    /// <summary>A header of each form, with and without extensions.</summary>
    public static readonly Gen<byte[]> Valid = Gen.OneOf(
        Any.Select(steered => Write(ProxyProtocolVersion.V1, steered)),
        Gen.Select(Any, Extension, Extension).Select((steered, authority, alpn) => Write(ProxyProtocolVersion.V2, steered, authority, alpn)));

    public static byte[] Write(ProxyProtocolVersion version, Steered steered, byte[]? authority = null, byte[]? alpn = null)
    {
        var buffer = new byte[ProxyHeaderWriter.MaxLength];
        return buffer[..ProxyHeaderWriter.Write(buffer, version, steered, authority, alpn)];
    }

    public static ProxyHeader Read(string text) => ProxyHeaderReader.Read(Encoding.Latin1.GetBytes(text));

    /// <summary>A binary header: the signature, then these bytes in hexadecimal digits.</summary>
    public static byte[] Binary(string hex) => [.. Convert.FromHexString("0D0A0D0A000D0A515549540A"), .. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))];

    public static Steered From(string client, string original) => new(To(client), To(original));

    public static void AssertMalformed(ProxyHeaderError error, ProxyHeader header) =>
        Assert.Equal((ProxyHeaderStatus.Malformed, error), (header.Status, header.Error));

    public static void AssertComplete(int length, Steered? addresses, ProxyHeader header) =>
        Assert.Equal((ProxyHeaderStatus.Complete, length, addresses), (header.Status, header.Length, header.Addresses));

    private static Gen<Steered> Of(Gen<Address> client, Gen<Address> original) =>
        Gen.Select(client, original, Gen.UShort, Gen.UShort).Select((from, to, fromPort, toPort) => new Steered(new Endpoint(from, fromPort), new Endpoint(to, toPort)));
}
