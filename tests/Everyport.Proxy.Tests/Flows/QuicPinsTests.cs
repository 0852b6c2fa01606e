using Everyport.Proxy.Flows;
using static Everyport.Proxy.Tests.Flows.SomeFlows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Connections of QUIC are found by the IDs that their servers show, from whatever address their clients send.</summary>
public sealed class QuicPinsTests : IDisposable
{
    private static readonly byte[] ChosenByServer = [1, 2, 3, 4, 5, 6, 7, 8];

    private readonly QuicPins _pins = new();
    private readonly Flow _first = Flow(Key(1)), _second = Flow(Key(2));

    public void Dispose()
    {
        _first.Upstream.Dispose();
        _second.Upstream.Dispose();
    }

    [Fact]
    public void A_short_header_and_a_long_one_are_found_by_what_the_server_has_shown()
    {
        _pins.Learn(_first, LongHeader(to: [9, 9], from: ChosenByServer));
        Assert.True(_pins.TryFind(_first.Key.Original, [0x40, .. ChosenByServer, 7, 7, 7], out var pin, out _));
        Assert.Same(_first, pin.Owner);
        Assert.True(_pins.TryFind(_first.Key.Original, LongHeader(to: ChosenByServer, from: [9, 9]), out _, out _));
    }

    [Fact]
    public void What_no_server_has_shown_is_not_found()
    {
        Assert.False(_pins.TryFind(_first.Key.Original, [0x40, .. ChosenByServer], out _, out _));
        _pins.Learn(_first, LongHeader(to: [9, 9], from: ChosenByServer));
        Assert.False(_pins.TryFind(_first.Key.Original, [0x40, .. ChosenByServer.Reverse()], out _, out _));
        Assert.False(_pins.TryFind(_first.Key.Original, [0x40, .. ChosenByServer[..7]], out _, out _));
        Assert.False(_pins.TryFind(_first.Key.Original with { Port = 1 }, [0x40, .. ChosenByServer], out _, out _));
    }

    [Fact]
    public void An_ID_belongs_to_the_latest_flow_and_is_forgotten_with_it()
    {
        _pins.Learn(_first, LongHeader(to: [9, 9], from: ChosenByServer));
        Assert.True(_pins.TryFind(_first.Key.Original, [0x40, .. ChosenByServer], out _, out var id));
        _pins.Adopt(_second, id);
        _pins.Forget(_first);
        Assert.True(_pins.TryFind(_second.Key.Original, [0x40, .. ChosenByServer], out var pin, out _));
        Assert.Same(_second, pin.Owner);
        _pins.Forget(_second);
        Assert.Equal(0, _pins.Count);
    }

    [Fact]
    public void A_server_that_shows_ever_new_IDs_fills_nothing()
    {
        for (byte i = 1; i < 100; i++)
            _pins.Learn(_first, LongHeader(to: [9, 9], from: [i, i, i, i]));
        Assert.InRange(_pins.Count, 1, 4);
    }

    private static byte[] LongHeader(byte[] to, byte[] from) => [0xC0, 0, 0, 0, 1, (byte)to.Length, .. to, (byte)from.Length, .. from, 0];
}
