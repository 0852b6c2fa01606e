using System.Net.Sockets;
using System.Security.Cryptography;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Streams;
using Everyport.Proxy.Tests.Reactors;

namespace Everyport.Proxy.Tests.Streams;

/// <summary>The relay between real connections: how it ends, and what it holds meanwhile.</summary>
public sealed class RelayTests : IDisposable
{
    private readonly ReactorScene _scene = new();
    private readonly Socket _client, _destination;
    private readonly int _clientSide, _destinationSide;

    public RelayTests()
    {
        (_clientSide, _client) = _scene.Pair();
        (_destinationSide, _destination) = _scene.Pair();
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Each_side_ends_for_itself_and_what_was_moved_is_counted()
    {
        var relaying = RelayAsync();
        _client.Send("question"u8);
        _client.Shutdown(SocketShutdown.Send);
        Assert.Equal("question", ReceiveToEnd(_destination));
        _destination.Send("a longer answer"u8);
        Assert.Equal(15, _client.Receive(new byte[100]));
        _destination.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, _client.Receive(new byte[100]));
        Assert.Equal((CloseReason.Finished, 8, 15), await relaying);
    }

    [Theory]
    [InlineData(true, nameof(CloseReason.ClientAborted))]
    [InlineData(false, nameof(CloseReason.DestinationAborted))]
    public async Task A_break_of_one_side_is_a_break_for_the_other(bool ofClient, string reason)
    {
        var relaying = RelayAsync();
        var (breaking, other) = ofClient ? (_client, _destination) : (_destination, _client);
        Break(breaking);
        AssertReset(other);
        Assert.Equal(reason, (await relaying).Reason.ToString());
    }

    [Theory]
    [InlineData(true, nameof(CloseReason.ClientAborted))]
    [InlineData(false, nameof(CloseReason.DestinationAborted))]
    public async Task A_break_of_a_side_that_has_finished_sending_is_noticed(bool ofClient, string reason)
    {
        var relaying = RelayAsync();
        var (breaking, other) = ofClient ? (_client, _destination) : (_destination, _client);
        breaking.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, other.Receive(new byte[1]));
        Break(breaking);
        Assert.Equal(reason, (await relaying).Reason.ToString());
        // Behind an end nothing more is received, not even a break; but nothing can be sent either.
        Assert.Throws<SocketException>(() => other.Send("x"u8));
    }

    [Fact]
    public async Task What_a_side_has_sent_before_it_broke_arrives_before_the_break()
    {
        for (var i = 0; i < 100; i++)
        {
            var (clientSide, client) = _scene.Pair();
            var (destinationSide, destination) = _scene.Pair();
            // All of it before the relay begins: last words, and a question that nobody reads any more.
            destination.Send("last words"u8);
            Break(destination);
            client.Send("anybody there?"u8);
            var relaying = RelayAsync(clientSide, destinationSide);
            var received = new byte[100];
            Assert.Equal(10, client.Receive(received));
            AssertReset(client);
            Assert.Equal(CloseReason.DestinationAborted, (await relaying).Reason);
        }
    }

    [Fact]
    public async Task A_break_that_somebody_has_met_before_is_still_a_break()
    {
        Break(_destination);
        var relaying = RelayAsync(_clientSide, _destinationSide, null, async (_, destination) =>
        {
            while (destination.Peek(_scene.Reactor.Buffer[..1]) == ReactorSocket.Again)
                await destination.ReadableAsync();
        });
        AssertReset(_client);
        Assert.Equal(CloseReason.DestinationAborted, (await relaying).Reason);
    }

    [Fact]
    public async Task A_break_behind_an_end_before_the_relay_began_is_noticed()
    {
        _client.Shutdown(SocketShutdown.Send);
        var relaying = RelayAsync(_clientSide, _destinationSide, null, async (client, _) =>
        {
            Break(_client);
            while (!client.IsBroken)
                await _scene.Reactor.Yield();
        });
        AssertReset(_destination);
        Assert.Equal(CloseReason.ClientAborted, (await relaying).Reason);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_stops_the_sender_and_loses_nothing()
    {
        const int Total = 32 << 20;
        var relaying = RelayAsync();
        var data = RandomNumberGenerator.GetBytes(Total);
        var sent = 0L;
        var sending = Task.Run(() =>
        {
            for (var done = 0; done < Total;)
            {
                done += _client.Send(data, done, Math.Min(64 << 10, Total - done), SocketFlags.None);
                Interlocked.Exchange(ref sent, done);
            }
            _client.Shutdown(SocketShutdown.Send);
        });
        for (var before = -1L; before != Interlocked.Read(ref sent) || before <= 0; await Task.Delay(200))
            before = Interlocked.Read(ref sent);
        Assert.InRange(Interlocked.Read(ref sent), 1, Total - 1);

        using var received = new MemoryStream(Total);
        var buffer = new byte[100_000];
        while (_destination.Receive(buffer) is > 0 and var count)
            received.Write(buffer, 0, count);
        await sending.WaitAsync(ReactorScene.Patience);
        Assert.True(data.AsSpan().SequenceEqual(received.GetBuffer().AsSpan(0, (int)received.Length)));
        _destination.Shutdown(SocketShutdown.Send);
        Assert.Equal((CloseReason.Finished, Total, 0), await relaying);
    }

    [Fact]
    public async Task Urgent_data_among_much_does_not_stop_what_follows()
    {
        const int Half = 4 << 20;
        var relaying = RelayAsync();
        var sending = Task.Run(() =>
        {
            _client.Send(new byte[Half]);
            _client.Send("!"u8, SocketFlags.OutOfBand);
            _client.Send(new byte[Half]);
            _client.Shutdown(SocketShutdown.Send);
        });
        await Task.Delay(100); // all buffers are full
        var (total, buffer) = (0, new byte[100_000]);
        while (_destination.Receive(buffer) is > 0 and var count)
            total += count;
        Assert.Equal(2 * Half, total);
        await sending.WaitAsync(ReactorScene.Patience);
        _destination.Shutdown(SocketShutdown.Send);
        Assert.Equal((CloseReason.Finished, 2 * Half, 0), await relaying);
    }

    [Fact]
    public async Task A_stream_without_a_byte_is_idle_and_ends_as_a_break()
    {
        var relaying = RelayAsync(new StreamLimits(IdleMilliseconds: 100, StreamLimits.Never));
        AssertReset(_client);
        AssertReset(_destination);
        Assert.Equal(CloseReason.Idle, (await relaying).Reason);
    }

    [Fact]
    public async Task A_stream_that_moves_bytes_is_not_idle_but_its_lifetime_ends()
    {
        var relaying = RelayAsync(new StreamLimits(IdleMilliseconds: 10_000, LifetimeMilliseconds: 2_000));
        var echoed = 0;
        try
        {
            for (; ; echoed++)
            {
                _client.Send("x"u8);
                _destination.Receive(new byte[1]);
                await Task.Delay(10);
            }
        }
        catch (SocketException)
        {
            Assert.NotEqual(0, echoed);
        }
        Assert.Equal(CloseReason.LifetimeOver, (await relaying).Reason);
    }

    [Fact]
    public async Task Streams_end_when_the_proxy_stops()
    {
        var relaying = RelayAsync();
        _client.Send("x"u8);
        _destination.Receive(new byte[1]);
        _scene.Reactor.Dispose();
        Assert.Equal(CloseReason.Stopping, (await relaying).Reason);
    }

    private Task<(CloseReason Reason, long ToDestination, long ToClient)> RelayAsync(StreamLimits? limits = null) =>
        RelayAsync(_clientSide, _destinationSide, limits);

    private Task<(CloseReason Reason, long ToDestination, long ToClient)> RelayAsync(
        int client, int destination, StreamLimits? limits = null, Func<ReactorSocket, ReactorSocket, Task>? before = null) =>
        _scene.RunAsync(async () =>
        {
            using var clientSocket = _scene.Reactor.Adopt(client)!;
            using var destinationSocket = _scene.Reactor.Adopt(destination)!;
            if (before is not null)
                await before(clientSocket, destinationSocket);
            var relay = new SocketRelay(_scene.Reactor, clientSocket, destinationSocket, limits ?? new StreamLimits(StreamLimits.Never, StreamLimits.Never));
            return (await relay.RunAsync(), relay.ToDestination, relay.ToClient);
        });

    private static void Break(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    private static void AssertReset(Socket socket) =>
        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => socket.Receive(new byte[1])).SocketErrorCode);

    private static string ReceiveToEnd(Socket socket)
    {
        var (text, buffer) = ("", new byte[100]);
        while (socket.Receive(buffer) is > 0 and var count)
            text += System.Text.Encoding.ASCII.GetString(buffer, 0, count);
        return text;
    }
}
