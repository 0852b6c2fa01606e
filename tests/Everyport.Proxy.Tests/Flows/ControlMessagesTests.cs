using CsCheck;
using Everyport.Proxy.Flows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>What is sent beside a datagram; what is received is tested with real sockets.</summary>
public class ControlMessagesTests
{
    [Fact]
    public void Nothing_is_written_where_nothing_is_to_be_said() => Assert.Equal(0, ControlMessages.Write([], ipv6: false, 0, 0));

    [Fact]
    public void A_traffic_class_is_written_as_it_is_read()
    {
        Span<byte> control = stackalloc byte[ControlMessages.MaxSize];
        foreach (var ipv6 in (bool[])[false, true])
        {
            var size = ControlMessages.Write(control, ipv6, 0xB9, 0);
            Assert.Equal(0xB9, ControlMessages.Parse(control[..size]).TrafficClass);
        }
    }

    [Fact]
    public void Messages_of_others_are_passed_over() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        // Headers that say anything but their length, which is the kernel's word.
        for (var i = 0; i + 16 <= bytes.Length; i += 32)
            BitConverter.TryWriteBytes(bytes.AsSpan(i), (ulong)Math.Min(32, bytes.Length - i));
        foreach (ref var level in bytes.AsSpan())
            level |= 0x40;
        for (var i = 0; i + 16 <= bytes.Length; i += 32)
            BitConverter.TryWriteBytes(bytes.AsSpan(i), (ulong)Math.Min(32, bytes.Length - i));
        var parsed = ControlMessages.Parse(bytes);
        return parsed is { Original: null, TrafficClass: 0, Segment: 0 };
    });
}
