using System.IO.Pipelines;
using System.Net.Sockets;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Tests.Reactors;

namespace Everyport.Proxy.Tests.Http.Transport;

/// <summary>What Kestrel writes arrives as it was written, however it is gathered and from whichever thread.</summary>
public sealed class GatheringTests : IDisposable
{
    private readonly ReactorScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_written_in_pieces_arrives_in_order(bool onReactor)
    {
        var (stream, theirs) = await OpenAsync();
        var (data, random) = (NewData(4 << 20), new Random(7));
        var receiving = ReceiveAsync(theirs, data.Length);
        await (onReactor ? _scene.RunAsync(WriteAsync) : Task.Run(async () => await WriteAsync())).WaitAsync(ReactorScene.Patience);
        Assert.Equal(data, await receiving);

        async ValueTask<int> WriteAsync()
        {
            var writer = new GatheringWriter(stream);
            for (var written = 0; written < data.Length;)
            {
                for (var pieces = random.Next(1, 8); pieces > 0 && written < data.Length; pieces--)
                    written += Put(writer, data.AsSpan(written), random.Next(100_000));
                if (random.Next(2) == 0)
                {
                    await writer.FlushAsync();
                    continue;
                }
                var source = data.AsMemory(written, Math.Min(random.Next(50_000), data.Length - written));
                await writer.WriteAsync(source);
                written += source.Length;
            }
            await writer.FlushAsync();
            Assert.Equal(0, writer.UnflushedBytes);
            return 0;
        }
    }

    [Fact]
    public async Task What_a_cancelled_flush_has_left_goes_with_the_next_one()
    {
        var (stream, theirs) = await OpenAsync(receiveBuffer: 4096);
        var writer = new GatheringWriter(stream);
        var data = NewData(16 << 20);
        Put(writer, data, data.Length);
        var flushing = writer.FlushAsync().AsTask();
        writer.CancelPendingFlush();
        Assert.True((await flushing.WaitAsync(ReactorScene.Patience)).IsCanceled);
        Assert.InRange(writer.UnflushedBytes, 1, data.Length);

        var receiving = ReceiveAsync(theirs, data.Length);
        Assert.False((await writer.FlushAsync().AsTask().WaitAsync(ReactorScene.Patience)).IsCanceled);
        Assert.Equal(data, await receiving);
    }

    [Fact]
    public async Task Whoever_cancels_ends_the_flush_that_he_has_found_and_no_later_one()
    {
        const int Flushes = 3000;
        var (stream, theirs) = await OpenAsync(receiveBuffer: 4096);
        var writer = new GatheringWriter(stream);
        var data = NewData(200_000);
        var enough = false;
        var receiving = Task.Run(() =>
        {
            var buffer = new byte[64 * 1024];
            while (theirs.Receive(buffer) > 0)
            {
            }
        });
        var cancelling = Task.Run(() =>
        {
            for (var random = new Random(3); !Volatile.Read(ref enough); Thread.SpinWait(random.Next(3000)))
                writer.CancelPendingFlush();
        });
        for (var i = 0; i < Flushes; i++)
        {
            if (writer.UnflushedBytes == 0)
                Put(writer, data, data.Length);
            var result = await writer.FlushAsync().AsTask().WaitAsync(ReactorScene.Patience);
            Assert.True(result.IsCanceled || writer.UnflushedBytes == 0, $"{writer.UnflushedBytes} bytes are left, and nobody has been told");
        }
        Volatile.Write(ref enough, true);
        await cancelling;
        await stream.DisposeAsync();
        await receiving;
    }

    [Fact]
    public async Task A_flush_waits_until_all_of_it_is_taken()
    {
        var (stream, theirs) = await OpenAsync(receiveBuffer: 4096);
        var writer = new GatheringWriter(stream);
        var data = NewData(16 << 20);
        Put(writer, data, data.Length);
        var flushing = writer.FlushAsync().AsTask();
        Assert.False(flushing.IsCompleted);
        Assert.Equal(data, await ReceiveAsync(theirs, data.Length));
        await flushing.WaitAsync(ReactorScene.Patience);
    }

    [Fact]
    public async Task A_pipe_has_sent_all_when_it_says_so()
    {
        var (stream, theirs) = await OpenAsync();
        var pipe = new GatheringPipe(stream);
        var data = NewData(4 << 20);
        var receiving = ReceiveAsync(theirs, data.Length);
        for (var written = 0; written < data.Length;)
        {
            written += Put(pipe.Writer, data.AsSpan(written), 10_000);
            await pipe.Writer.FlushAsync();
        }
        await pipe.Writer.CompleteAsync();
        await pipe.Sent.WaitAsync(ReactorScene.Patience);
        Assert.Equal(data, await receiving);
    }

    [Fact]
    public async Task Whoever_writes_to_a_pipe_waits_for_a_client_that_takes_nothing()
    {
        const long MoreThanTheKernelKeeps = 64 << 20;
        var (stream, _) = await OpenAsync(receiveBuffer: 4096);
        var pipe = new GatheringPipe(stream);
        var taken = 0L;
        Task flushing;
        do
        {
            taken += Put(pipe.Writer, new byte[10_000], 10_000);
            flushing = pipe.Writer.FlushAsync().AsTask();
        } while (taken < MoreThanTheKernelKeeps && await Task.WhenAny(flushing, Task.Delay(500)) == flushing);
        Assert.InRange(taken, 0, MoreThanTheKernelKeeps - 1);
        await pipe.Writer.CompleteAsync();
        await stream.DisposeAsync();
        await pipe.Sent.WaitAsync(ReactorScene.Patience);
    }

    private static int Put(PipeWriter writer, ReadOnlySpan<byte> data, int most)
    {
        var length = Math.Min(most, data.Length);
        for (var rest = data[..length]; !rest.IsEmpty;)
        {
            var memory = writer.GetSpan();
            var part = rest[..Math.Min(memory.Length, rest.Length)];
            part.CopyTo(memory);
            writer.Advance(part.Length);
            rest = rest[part.Length..];
        }
        return length;
    }

    private static byte[] NewData(int length)
    {
        var data = new byte[length];
        new Random(length).NextBytes(data);
        return data;
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int length)
    {
        var received = new byte[length];
        for (var filled = 0; filled < length;)
        {
            var count = await socket.ReceiveAsync(received.AsMemory(filled)).AsTask().WaitAsync(ReactorScene.Patience);
            Assert.NotEqual(0, count);
            filled += count;
        }
        return received;
    }

    private async Task<(ReactorStream Stream, Socket Theirs)> OpenAsync(int? receiveBuffer = null)
    {
        var (mine, theirs) = _scene.Pair(receiveBuffer);
        return (await _scene.RunAsync(() => new ValueTask<ReactorStream>(new ReactorStream(_scene.Reactor, _scene.Reactor.Adopt(mine)!, dropsUnsendable: true))), theirs);
    }
}
