using System.Buffers;
using System.IO.Pipelines;
using CsCheck;
using Everyport.Proxy.Http.Guard;
using Microsoft.AspNetCore.Connections;

namespace Everyport.Proxy.Tests.Http.Guard;

/// <summary>Frames are counted once, however much of what was read is consumed at a time.</summary>
public class CountedInputTests
{
    private const int Allowed = 50;

    [Fact]
    public Task What_is_left_over_is_not_counted_again() => Gen.Select(Gen.Int[1, 60].Array[1, 30], Gen.Int[0, 100].Array[1, 30]).SampleAsync(async (writes, consumed) =>
    {
        var pipe = new Pipe(new PipeOptions(minimumSegmentSize: 64, useSynchronizationContext: false));
        var exceeded = new List<HttpLimit>();
        var input = new CountedInput(pipe.Reader, new FrameCounter(new FrameLimits { PingsPerSecond = Allowed }, TimeProvider.System), exceeded.Add);
        byte[] bytes = [.. Frames.Preface, .. Frames.Of(Frames.Ping, length: 8).Times(Allowed - 1)];

        long read = 0;
        for (var (position, step) = (0, 0); read < bytes.Length; step++)
        {
            var length = Math.Min(writes[step % writes.Length], bytes.Length - position);
            if (length > 0)
                await pipe.Writer.WriteAsync(bytes.AsMemory(position, length));
            position += length;
            if (!input.TryRead(out var result))
                continue;
            var taken = Math.Min(position == bytes.Length ? result.Buffer.Length : consumed[step % consumed.Length], result.Buffer.Length);
            Assert.Equal(bytes[(int)read..(int)(read + result.Buffer.Length)], result.Buffer.ToArray());
            read += taken;
            input.AdvanceTo(result.Buffer.GetPosition(taken));
        }
        Assert.Empty(exceeded);

        // There was room for one more in this second, if it still is the same one.
        await pipe.Writer.WriteAsync(Frames.Of(Frames.Ping, length: 8).Times(10 * Allowed));
        await Assert.ThrowsAsync<ConnectionAbortedException>(async () => await input.ReadAsync());
        Assert.Equal([HttpLimit.Pings], exceeded);
    }, iter: 200);
}
