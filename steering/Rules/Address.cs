using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Everyport.Steering.Rules;

/// <summary>
/// An IPv4 or IPv6 address as a number. Both families keep their first bit on top, so that a prefix of either is
/// compared in the same way; an IPv4 address fills the top 32 bits.
/// </summary>
/// <param name="IsIPv6">Whether the address is an IPv6 address.</param>
/// <param name="Bits">The address, aligned to the top.</param>
public readonly record struct Address(bool IsIPv6, UInt128 Bits) : IComparable<Address>
{
    /// <summary>The number of bits of an address of this family: 32 or 128.</summary>
    public int Width => IsIPv6 ? 128 : 32;

    /// <summary>Makes an address from a number that is aligned to the bottom, as <c>0x7F000001</c>.</summary>
    public static Address FromIPv4(uint address) => new(false, (UInt128)address << 96);

    /// <summary>Converts from <see cref="IPAddress"/>; a v4-mapped address becomes the IPv4 address in it.</summary>
    public static Address From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return FromBytes(bytes[..written]);
    }

    /// <summary>Reads 4 or 16 bytes in network order; a v4-mapped address becomes the IPv4 address in it.</summary>
    public static Address FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 4)
            return FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return bits >> 32 == 0xFFFF ? FromIPv4((uint)bits) : new Address(true, bits);
    }

    /// <summary>Reads an address in its usual text form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        if (!text.Contains(':'))
            return TryParseIPv4(text, out address);
        if (!text.ContainsAny('%', '[', ']') && IPAddress.TryParse(text, out var parsed))
        {
            address = From(parsed);
            return true;
        }
        address = default;
        return false;
    }

    /// <summary>
    /// Four decimal numbers, and nothing else that <see cref="IPAddress"/> reads, such as "1" or "0x7f.1". None has a
    /// leading zero: 010 is ten to some programs, and eight to others.
    /// </summary>
    private static bool TryParseIPv4(ReadOnlySpan<char> text, out Address address)
    {
        uint bits = 0;
        var (numbers, digits, number) = (0, 0, 0);
        address = default;
        foreach (var c in text)
        {
            if (c == '.' && digits > 0 && numbers < 3)
            {
                bits = bits << 8 | (uint)number;
                (numbers, digits, number) = (numbers + 1, 0, 0);
            }
            else if (char.IsAsciiDigit(c) && !(digits > 0 && number == 0))
            {
                number = number * 10 + (c - '0');
                digits++;
                if (number > byte.MaxValue)
                    return false;
            }
            else
            {
                return false;
            }
        }
        if (numbers != 3 || digits == 0)
            return false;
        address = FromIPv4(bits << 8 | (uint)number);
        return true;
    }

    /// <summary>Writes 4 or 16 bytes in network order and returns their number.</summary>
    public int WriteBytes(Span<byte> destination)
    {
        if (!IsIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(Bits >> 96));
            return 4;
        }
        BinaryPrimitives.WriteUInt128BigEndian(destination, Bits);
        return 16;
    }

    /// <summary>Converts to <see cref="IPAddress"/>.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteBytes(bytes)]);
    }

    /// <summary>IPv4 before IPv6, then by number.</summary>
    public int CompareTo(Address other) =>
        IsIPv6 != other.IsIPv6 ? IsIPv6.CompareTo(other.IsIPv6) : Bits.CompareTo(other.Bits);

    /// <summary>The usual text form.</summary>
    public override string ToString()
    {
        if (IsIPv6)
            return ToIPAddress().ToString();
        // Large rulesets are written often: four numbers need no object of their own.
        var bits = (uint)(Bits >> 96);
        return string.Create(CultureInfo.InvariantCulture, stackalloc char[16], $"{bits >> 24}.{bits >> 16 & 0xFF}.{bits >> 8 & 0xFF}.{bits & 0xFF}");
    }

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;
}
