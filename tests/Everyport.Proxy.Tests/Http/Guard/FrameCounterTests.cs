using CsCheck;
using Everyport.Proxy.Http.Guard;
using Everyport.Proxy.Tests.Flows;

namespace Everyport.Proxy.Tests.Http.Guard;

/// <summary>Counting what a client sends on an HTTP/2 connection.</summary>
public class FrameCounterTests
{
    private static readonly FrameLimits Some = new() { ResetsPerSecond = 3, PingsPerSecond = 4, SettingsPerSecond = 5, EmptyFramesPerSecond = 6, MaxContinuations = 2 };

    private readonly Clock _time = new();

    [Theory]
    [InlineData(Frames.Reset, 4, 3, nameof(HttpLimit.Resets))]
    [InlineData(Frames.Ping, 8, 4, nameof(HttpLimit.Pings))]
    [InlineData(Frames.Settings, 12, 5, nameof(HttpLimit.Settings))]
    [InlineData(Frames.Data, 0, 6, nameof(HttpLimit.EmptyFrames))]
    [InlineData(Frames.Priority, 5, 6, nameof(HttpLimit.EmptyFrames))]
    [InlineData(Frames.Unknown, 100, 6, nameof(HttpLimit.EmptyFrames))]
    [InlineData(Frames.Continuation, 20, 2, nameof(HttpLimit.Continuations))]
    public void As_many_as_are_allowed_pass_and_one_more_does_not(byte type, int length, int allowed, string exceeded)
    {
        var counter = Begin();
        Assert.Null(counter.Read(Frames.Of(type, length: length).Times(allowed)));
        Assert.Equal(exceeded, counter.Read(Frames.Of(type, length: length)).ToString());
    }

    [Theory]
    [InlineData(Frames.Data, 0, 100)]
    [InlineData(Frames.Data, 1, 0)]
    [InlineData(Frames.Headers, 4, 50)]
    [InlineData(Frames.WindowUpdate, 0, 4)]
    [InlineData(Frames.Ping, 1, 8)]
    [InlineData(Frames.Settings, 1, 0)]
    public void What_moves_a_request_forward_and_what_only_answers_is_not_counted(byte type, byte flags, int length) =>
        Assert.Null(Begin().Read(Frames.Of(type, flags, length).Times(1000)));

    [Fact]
    public void Each_second_has_its_own()
    {
        var counter = Begin();
        for (var second = 0; second < 10; second++)
        {
            Assert.Null(counter.Read(Frames.Of(Frames.Ping, length: 8).Times(4)));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void Each_block_of_headers_has_its_own_pieces()
    {
        var counter = Begin();
        for (var block = 0; block < 10; block++)
            Assert.Null(counter.Read([.. Frames.Of(Frames.Headers, length: 10), .. Frames.Of(Frames.Continuation, length: 10).Times(2)]));
    }

    [Fact]
    public void Off_allows_any_number()
    {
        var counter = new FrameCounter(new FrameLimits { ResetsPerSecond = 0, MaxContinuations = 0 }, _time);
        Assert.Null(counter.Read(Frames.Preface));
        Assert.Null(counter.Read([.. Frames.Of(Frames.Reset, length: 4).Times(10_000), .. Frames.Of(Frames.Continuation).Times(10_000)]));
    }

    [Fact]
    public void Frames_are_found_however_the_bytes_are_cut() => Gen.Select(Gen.Int[1, 40].Array[1, 60], Gen.Int[0, 300].Array[0, 20]).Sample((cuts, lengths) =>
    {
        byte[] bytes = [.. Frames.Preface, .. lengths.SelectMany(length => Frames.Of(Frames.Headers, length: length)), .. Frames.Of(Frames.Reset, length: 4).Times(4)];
        var counter = new FrameCounter(Some, _time);
        var position = 0;
        for (var i = 0; position < bytes.Length - 4; i++)
        {
            var count = Math.Min(cuts[i % cuts.Length], bytes.Length - position);
            var exceeded = counter.Read(bytes.AsSpan(position, count));
            position += count;
            // The header of the fourth reset is complete with the fifth byte from the end.
            Assert.Equal(position > bytes.Length - 5 ? HttpLimit.Resets : null, exceeded);
        }
    });

    [Fact]
    public void Any_bytes_are_borne() => Gen.Byte.Array[0, 500].Sample(bytes =>
    {
        var counter = new FrameCounter(Some, _time);
        for (var i = 0; i < 5; i++)
            counter.Read(bytes);
    });

    private FrameCounter Begin()
    {
        var counter = new FrameCounter(Some, _time);
        Assert.Null(counter.Read(Frames.Preface));
        return counter;
    }
}
