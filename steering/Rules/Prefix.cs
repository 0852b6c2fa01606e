using System.Globalization;

namespace Everyport.Steering.Rules;

/// <summary>A range of addresses: all that share their first <see cref="Length"/> bits (RFC 4632, RFC 4291).</summary>
public readonly record struct Prefix : IComparable<Prefix>
{
    /// <summary>Makes a prefix; bits of <paramref name="address"/> beyond <paramref name="length"/> are cleared.</summary>
    public Prefix(Address address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, address.Width);
        Address = address with { Bits = address.Bits & Mask(length) };
        Length = length;
    }

    /// <summary>The first address of the range.</summary>
    public Address Address { get; }

    /// <summary>How many bits are fixed: 0 to 32, or 0 to 128.</summary>
    public int Length { get; }

    /// <summary>Whether the address is in the range. The families are separate: <c>::/0</c> holds no IPv4 address.</summary>
    public bool Contains(Address address) =>
        address.IsIPv6 == Address.IsIPv6 && ((address.Bits ^ Address.Bits) & Mask(Length)) == 0;

    /// <summary>Whether all of the other range is in this one.</summary>
    public bool Contains(Prefix other) => other.Length >= Length && Contains(other.Address);

    /// <summary>
    /// Reads <c>198.51.100.0/24</c>, <c>2001:db8::/32</c>, or a single address. <paramref name="error"/> says what
    /// is wrong, and how to write what was probably meant.
    /// </summary>
    public static bool TryParse(string text, out Prefix prefix, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        prefix = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var addressText = slash < 0 ? text : text[..slash];

        if (!Address.TryParse(addressText, out var address))
        {
            error = $"'{text}' is not a prefix such as '198.51.100.0/24' or '2001:db8::/32'";
            return false;
        }

        var mapped = !address.IsIPv6 && addressText.Contains(':', StringComparison.Ordinal);
        var width = mapped ? 128 : address.Width;
        var length = width;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > width))
        {
            error = $"'{text}' has a length that is not a number from 0 to {width}";
            return false;
        }

        if (mapped)
        {
            error = $"'{text}' is an IPv4-mapped prefix; write it as '{new Prefix(address, Math.Max(0, length - 96))}'";
            return false;
        }

        prefix = new Prefix(address, length);
        if (prefix.Address != address)
        {
            error = $"'{text}' has bits set beyond its length; write '{prefix}', or '{address}/{width}' for the one address";
            return false;
        }
        error = null;
        return true;
    }

    /// <summary>By address, and a range before those inside it.</summary>
    public int CompareTo(Prefix other)
    {
        var byAddress = Address.CompareTo(other.Address);
        return byAddress != 0 ? byAddress : Length.CompareTo(other.Length);
    }

    /// <summary>The usual text form, always with the length.</summary>
    public override string ToString() => $"{Address}/{Length}";

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator <(Prefix left, Prefix right) => left.CompareTo(right) < 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator >(Prefix left, Prefix right) => left.CompareTo(right) > 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator <=(Prefix left, Prefix right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator >=(Prefix left, Prefix right) => left.CompareTo(right) >= 0;

    private static UInt128 Mask(int length) => length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
}
