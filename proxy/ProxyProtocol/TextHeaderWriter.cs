using System.Buffers.Text;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>Writes version 1. It has no word for a client and an original destination of different families: that is UNKNOWN.</summary>
internal static class TextHeaderWriter
{
    public static int Write(Span<byte> destination, in Steered steered)
    {
        var (client, original) = (steered.Client, steered.Original);
        if (client.Address.IsIPv6 != original.Address.IsIPv6)
            return WriteUnknown(destination);

        var at = Append(destination, 0, TextHeader.Start);
        at = Append(destination, at, client.Address.IsIPv6 ? TextHeader.IPv6 : TextHeader.IPv4);
        at = AppendAddress(destination, Append(destination, at, " "u8), client.Address);
        at = AppendAddress(destination, Append(destination, at, " "u8), original.Address);
        at = AppendNumber(destination, Append(destination, at, " "u8), client.Port, 'D');
        at = AppendNumber(destination, Append(destination, at, " "u8), original.Port, 'D');
        return Append(destination, at, TextHeader.End);
    }

    public static int WriteUnknown(Span<byte> destination) =>
        Append(destination, Append(destination, Append(destination, 0, TextHeader.Start), TextHeader.Unknown), TextHeader.End);

    /// <summary>
    /// Not as <see cref="System.Net.IPAddress"/> does it: that ends some IPv6 addresses with one of IPv4, and two such
    /// make a line longer than receivers must support.
    /// </summary>
    private static int AppendAddress(Span<byte> destination, int at, Address address)
    {
        var (groups, bits, format) = address.IsIPv6 ? (8, 16, 'x') : (4, 8, 'D');
        var separator = address.IsIPv6 ? ":"u8 : "."u8;
        var (zeros, end) = address.IsIPv6 ? LongestZeros(address) : (-1, -1);
        for (var i = 0; i < groups; i++)
        {
            if (i == zeros)
            {
                at = Append(destination, at, "::"u8);
                i = end - 1;
                continue;
            }
            if (i > 0 && i != end)
                at = Append(destination, at, separator);
            at = AppendNumber(destination, at, Group(address, i, bits), format);
        }
        return at;
    }

    /// <summary>The groups that "::" stands for (RFC 5952, section 4.2): the longest run, the first of several, of two at least.</summary>
    private static (int Start, int End) LongestZeros(Address address)
    {
        var (start, end) = (-1, -1);
        for (var i = 0; i < 8; i++)
        {
            var first = i;
            while (i < 8 && Group(address, i, 16) == 0)
                i++;
            if (i - first > Math.Max(1, end - start))
                (start, end) = (first, i);
        }
        return (start, end);
    }

    private static ushort Group(Address address, int index, int bits) =>
        (ushort)(address.Bits >> (128 - bits * (index + 1)) & (UInt128)((1 << bits) - 1));

    private static int AppendNumber(Span<byte> destination, int at, ushort number, char format)
    {
        if (!Utf8Formatter.TryFormat(number, destination[at..], out var written, format))
            throw new ArgumentException($"A PROXY header takes up to {ProxyHeaderWriter.MaxLength} bytes.", nameof(destination));
        return at + written;
    }

    private static int Append(Span<byte> destination, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination[at..]);
        return at + text.Length;
    }
}
