using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Logs.Formats;

/// <summary>One line in the making. Each thread has one, and uses it again and again.</summary>
internal sealed class Line : IBufferWriter<byte>
{
    /// <summary>What was long once need not stay so.</summary>
    private const int Usual = 4096, MostKept = 64 * 1024;

    /// <summary>Of an address in brackets with a port.</summary>
    private const int LongestEndpoint = 64;

    private const int LongestNumber = 40;

    [ThreadStatic]
    private static Line? _ofThread;

    private byte[] _buffer = new byte[Usual];

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public int Length { get; private set; }

    /// <summary>An empty one, until this thread begins the next.</summary>
    public static Line Begin()
    {
        var line = _ofThread ??= new Line();
        if (line._buffer.Length > MostKept)
            line._buffer = new byte[Usual];
        line.Length = 0;
        return line;
    }

    public void Append(byte value)
    {
        GetSpan(1)[0] = value;
        Length++;
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(GetSpan(text.Length));
        Length += text.Length;
    }

    public void AppendUtf8(ReadOnlySpan<char> text)
    {
        Utf8.FromUtf16(text, GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)), out _, out var written);
        Length += written;
    }

    public void Append<T>(T value, ReadOnlySpan<char> format = default) where T : IUtf8SpanFormattable
    {
        value.TryFormat(GetSpan(LongestNumber), out var written, format, CultureInfo.InvariantCulture);
        Length += written;
    }

    public void Append(Endpoint endpoint) => Length += Format(endpoint, GetSpan(LongestEndpoint));

    public void Append(Address address) => Length += Format(address, GetSpan(LongestEndpoint));

    public void Append(TraceId trace) => Append(trace.Number, "x32");

    /// <summary>Writes an endpoint as its <c>ToString</c> does, and returns the length.</summary>
    public static int Format(Endpoint endpoint, Span<byte> text)
    {
        var length = 0;
        if (endpoint.Address.IsIPv6)
            text[length++] = (byte)'[';
        length += Format(endpoint.Address, text[length..]);
        if (endpoint.Address.IsIPv6)
            text[length++] = (byte)']';
        text[length++] = (byte)':';
        endpoint.Port.TryFormat(text[length..], out var written, default, CultureInfo.InvariantCulture);
        return length + written;
    }

    /// <summary>Writes a duration in milliseconds, to the microsecond and without zeros at the end, and returns the length.</summary>
    public static int FormatMilliseconds(TimeSpan duration, Span<byte> text)
    {
        // A number with a point in it takes .NET four times as long.
        var (whole, rest) = Math.DivRem((duration.Ticks + TimeSpan.TicksPerMicrosecond / 2) / TimeSpan.TicksPerMicrosecond, 1000);
        whole.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        if (rest == 0)
            return length;
        text[length++] = (byte)'.';
        for (var unit = 100; rest > 0; rest %= unit, unit /= 10)
            text[length++] = (byte)('0' + rest / unit);
        return length;
    }

    private static int Format(Address address, Span<byte> text)
    {
        if (address.IsIPv6)
        {
            address.ToIPAddress().TryFormat(text, out var all);
            return all;
        }
        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            ((byte)(uint)(address.Bits >> (96 + shift))).TryFormat(text[length..], out var written, default, CultureInfo.InvariantCulture);
            length += written;
            if (shift > 0)
                text[length++] = (byte)'.';
        }
        return length;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _buffer.AsSpan(Length);
    }

    private void Reserve(int more)
    {
        if (_buffer.Length - Length < more)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + more));
    }
}
