using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>
/// The fields of a text header, one after the other, with one space between them. Once one of them is wrong, or has not
/// arrived in full, those after it are not looked at.
/// </summary>
/// <param name="text">What follows the first space.</param>
/// <param name="closed">Whether the end of the line has arrived, so that no field grows any more.</param>
internal ref struct TextFields(ReadOnlySpan<byte> text, bool closed)
{
    /// <summary>Eight groups of which the last two are written as IPv4.</summary>
    private const int LongestAddress = 45;

    private static readonly SearchValues<byte> IPv4Characters = SearchValues.Create("0123456789."u8);
    private static readonly SearchValues<byte> IPv6Characters = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    private ReadOnlySpan<byte> _rest = text;
    private bool _awaitsMore;

    public ProxyHeaderError Error { get; private set; }

    private readonly bool IsStopped => _awaitsMore || Error != ProxyHeaderError.None;

    public TextFamily Family()
    {
        var isWhole = Take(out var word);
        foreach (var family in (ReadOnlySpan<TextFamily>)[TextFamily.IPv4, TextFamily.IPv6, TextFamily.Unknown])
        {
            var name = NameOf(family);
            if (isWhole ? word.SequenceEqual(name) : name.StartsWith(word))
            {
                _awaitsMore = !isWhole;
                return family;
            }
        }
        Error = ProxyHeaderError.Family;
        return default;
    }

    public Address Address(bool isIPv6)
    {
        if (IsStopped)
            return default;

        _awaitsMore = !Take(out var field);
        var address = default(Address);
        if (field.Length > LongestAddress
            || field.ContainsAnyExcept(isIPv6 ? IPv6Characters : IPv4Characters)
            || (!_awaitsMore && !TryParse(field, isIPv6, out address)))
        {
            Error = ProxyHeaderError.Address;
        }
        return address;
    }

    public ushort Port()
    {
        if (IsStopped)
            return 0;
        _awaitsMore = !Take(out var field);
        return Parse(field);
    }

    /// <summary>The port that only the end of the line ends.</summary>
    public ushort LastPort()
    {
        if (IsStopped)
            return 0;
        _awaitsMore = !closed;
        return Parse(_rest);
    }

    /// <summary>Takes all up to the next space; false where more of the field may follow.</summary>
    private bool Take(out ReadOnlySpan<byte> field)
    {
        var space = _rest.IndexOf((byte)' ');
        field = space < 0 ? _rest : _rest[..space];
        _rest = space < 0 ? [] : _rest[(space + 1)..];
        return space >= 0 || closed;
    }

    /// <summary>The beginning of a port is a port, too, so that a field which has not arrived in full is judged in the same way.</summary>
    private ushort Parse(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty && _awaitsMore)
            return 0;
        var good = Utf8Parser.TryParse(field, out ushort port, out var used) && used == field.Length
            && char.IsAsciiDigit((char)field[0]) && !(field.Length > 1 && field[0] == '0');
        if (!good)
            Error = ProxyHeaderError.Port;
        return port;
    }

    private static bool TryParse(ReadOnlySpan<byte> field, bool isIPv6, out Address address)
    {
        Span<char> characters = stackalloc char[LongestAddress];
        var text = characters[..Encoding.Latin1.GetChars(field, characters)];
        address = default;
        if (text.Contains(':') != isIPv6)
            return false;

        // An IPv4 address at the end of an IPv6 address has no leading zeros either.
        var isPlain = !isIPv6 || !text.Contains('.') || Steering.Rules.Address.TryParse(text[(text.LastIndexOf(':') + 1)..], out _);
        return isPlain && Steering.Rules.Address.TryParse(text, out address);
    }

    private static ReadOnlySpan<byte> NameOf(TextFamily family) => family switch
    {
        TextFamily.IPv4 => TextHeader.IPv4,
        TextFamily.IPv6 => TextHeader.IPv6,
        _ => TextHeader.Unknown,
    };
}
