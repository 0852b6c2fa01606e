using System.Globalization;
using System.Text;
using CsCheck;
using Everyport.Proxy.Logs.Formats;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>What lines are made of is written as .NET would.</summary>
public sealed class LineTests
{
    [Fact]
    public void Milliseconds_are_rounded_to_the_microsecond() => Gen.Long[0, TimeSpan.TicksPerDay * 30].Sample(ticks =>
    {
        Span<byte> text = stackalloc byte[32];
        var length = Line.FormatMilliseconds(TimeSpan.FromTicks(ticks), text);
        var microseconds = Math.Round(ticks / 10m, MidpointRounding.AwayFromZero);
        Assert.Equal((microseconds / 1000).ToString("0.###", CultureInfo.InvariantCulture), Encoding.UTF8.GetString(text[..length]));
    });

    [Fact]
    public void Endpoints_are_written_as_their_text() => Gen.Select(Gen.Bool, Gen.ULong, Gen.ULong, Gen.UShort).Sample((isIPv6, high, low, port) =>
    {
        var address = isIPv6 ? new Address(true, new UInt128(high, low | 1UL << 40)) : Address.FromIPv4((uint)low);
        var endpoint = new Endpoint(address, port);
        Span<byte> text = stackalloc byte[64];
        Assert.Equal(endpoint.ToString(), Encoding.UTF8.GetString(text[..Line.Format(endpoint, text)]));
    });
}
