using System.Net.Sockets;
using System.Text;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Tests.Reactors;

/// <summary>A stream of a reactor, used from its thread and from others.</summary>
public sealed class ReactorStreamTests : IDisposable
{
    private readonly ReactorScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task What_is_sent_before_and_after_a_read_began_is_read()
    {
        var (stream, theirs) = await OpenAsync();
        theirs.Send("one"u8);
        Assert.Equal("one", await ReadAsync(stream));

        var reading = ReadAsync(stream);
        Assert.False(reading.IsCompleted);
        theirs.Send("two"u8);
        Assert.Equal("two", await reading);
    }

    [Fact]
    public async Task What_was_only_peeked_at_can_be_waited_for_and_read()
    {
        var (mine, theirs) = _scene.Pair();
        theirs.Send("hello"u8);
        var stream = await _scene.RunAsync(async () =>
        {
            var socket = _scene.Reactor.Adopt(mine)!;
            while (socket.Peek(_scene.Reactor.Buffer) == ReactorSocket.Again)
                await socket.ReadableAsync();
            return new ReactorStream(_scene.Reactor, socket);
        });
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty).AsTask().WaitAsync(ReactorScene.Patience));
        Assert.Equal("hello", await ReadAsync(stream));
    }

    [Fact]
    public async Task What_was_peeked_at_is_read_to_the_end_however_little_is_read_at_once()
    {
        const int Sent = 1000, AtOnce = 400;
        var (mine, theirs) = _scene.Pair();
        theirs.Send(new byte[Sent]);
        var stream = await _scene.RunAsync(async () =>
        {
            var socket = _scene.Reactor.Adopt(mine)!;
            while (socket.Peek(_scene.Reactor.Buffer) < Sent)
                await socket.ReadableAsync();
            return new ReactorStream(_scene.Reactor, socket);
        });
        for (var left = Sent; left > 0;)
        {
            Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty).AsTask().WaitAsync(ReactorScene.Patience));
            left -= await stream.ReadAsync(new byte[AtOnce]).AsTask().WaitAsync(ReactorScene.Patience);
        }
    }

    [Fact]
    public async Task A_read_into_nothing_waits_until_there_is_something_and_takes_none_of_it()
    {
        var (stream, theirs) = await OpenAsync();
        theirs.Send("a"u8);
        Assert.Equal("a", await ReadAsync(stream));

        var waiting = stream.ReadAsync(Memory<byte>.Empty).AsTask();
        Assert.False(waiting.IsCompleted);
        theirs.Send("b"u8);
        Assert.Equal(0, await waiting.WaitAsync(ReactorScene.Patience));
        Assert.Equal("b", await ReadAsync(stream));
    }

    [Fact]
    public async Task More_than_the_kernel_takes_at_once_is_written_as_it_is_read()
    {
        var (stream, theirs) = await OpenAsync(receiveBuffer: 4096);
        var data = new byte[8 << 20];
        Random.Shared.NextBytes(data);
        var writing = stream.WriteAsync(data).AsTask();

        var received = new byte[data.Length];
        for (var length = 0; length < received.Length;)
            length += await theirs.ReceiveAsync(received.AsMemory(length)).AsTask().WaitAsync(ReactorScene.Patience);
        await writing.WaitAsync(ReactorScene.Patience);
        Assert.Equal(data, received);
    }

    [Fact]
    public async Task A_read_that_is_cancelled_leaves_what_comes_for_the_next_one()
    {
        var (stream, theirs) = await OpenAsync();
        using var cancellation = new CancellationTokenSource();
        var reading = stream.ReadAsync(new byte[10], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(ReactorScene.Patience));

        theirs.Send("later"u8);
        Assert.Equal("later", await ReadAsync(stream));
    }

    [Fact]
    public async Task Whoever_reads_while_it_is_disposed_of_is_told()
    {
        var (stream, _) = await OpenAsync();
        var reading = ReadAsync(stream);
        await stream.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => reading);
    }

    [Fact]
    public async Task What_follows_an_operation_from_another_thread_is_on_the_reactor()
    {
        var (stream, theirs) = await OpenAsync();
        var reading = Continue();
        theirs.Send("x"u8);
        Assert.True(await reading.WaitAsync(ReactorScene.Patience));

        async Task<bool> Continue()
        {
            await stream.ReadExactlyAsync(new byte[1]).ConfigureAwait(false);
            return _scene.Reactor.IsCurrent;
        }
    }

    [Fact]
    public async Task Nothing_that_comes_while_another_thread_begins_to_read_is_missed()
    {
        const int Rounds = 20_000;
        var (stream, theirs) = await OpenAsync();
        var asking = Task.Run(() =>
        {
            var answer = new byte[1];
            for (var i = 0; i < Rounds; i++)
            {
                theirs.Send([(byte)i]);
                Assert.Equal(1, theirs.Receive(answer));
                Assert.Equal((byte)i, answer[0]);
            }
        });
        var data = new byte[1];
        for (var i = 0; i < Rounds; i++)
        {
            await Task.Run(async () => await stream.ReadExactlyAsync(data)).WaitAsync(ReactorScene.Patience);
            await Task.Run(async () => await stream.WriteAsync(data)).WaitAsync(ReactorScene.Patience);
        }
        await asking.WaitAsync(ReactorScene.Patience);
    }

    [Fact]
    public async Task A_connection_that_always_has_something_leaves_the_others_their_turn()
    {
        var (greedy, source) = await OpenAsync();
        var (modest, theirs) = await OpenAsync();
        using var ended = new CancellationTokenSource();
        _ = Task.Run(async () =>
        {
            var data = new byte[1 << 20];
            while (!ended.IsCancellationRequested)
                await source.SendAsync(data);
        });
        var draining = _scene.RunAsync(async () =>
        {
            var one = new byte[1];
            while (!ended.IsCancellationRequested && await greedy.ReadAsync(one) > 0)
            {
            }
            return 0;
        });

        theirs.Send("turn"u8);
        Assert.Equal("turn", await ReadAsync(modest));
        await ended.CancelAsync();
        source.Shutdown(SocketShutdown.Send); // it may be waiting for more
        await draining;
    }

    private async Task<(ReactorStream Stream, Socket Theirs)> OpenAsync(int? receiveBuffer = null)
    {
        var (mine, theirs) = _scene.Pair(receiveBuffer);
        return (await _scene.RunAsync(() => new ValueTask<ReactorStream>(new ReactorStream(_scene.Reactor, _scene.Reactor.Adopt(mine)!))), theirs);
    }

    private static async Task<string> ReadAsync(ReactorStream stream)
    {
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer).AsTask().WaitAsync(ReactorScene.Patience));
    }
}
