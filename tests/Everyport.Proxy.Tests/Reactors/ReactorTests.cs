using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Tests.Reactors;

/// <summary>A reactor and real sockets.</summary>
public sealed class ReactorTests : IDisposable
{
    private readonly ReactorScene _scene = new();

    private Reactor Reactor => _scene.Reactor;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task What_is_posted_runs_on_the_thread_of_theReactor_also_after_it_has_awaited_something_else()
    {
        var (before, after) = await _scene.RunAsync(async () =>
        {
            var thread = Environment.CurrentManagedThreadId;
            await Task.Delay(1);
            return (thread, Environment.CurrentManagedThreadId);
        });
        Assert.Equal(before, after);
        Assert.NotEqual(Environment.CurrentManagedThreadId, before);
    }

    [Fact]
    public async Task A_reader_waits_until_there_is_something()
    {
        var (mine, theirs) = _scene.Pair();
        var reading = _scene.RunAsync(async () =>
        {
            var socket = Reactor.Adopt(mine)!;
            var text = "";
            while (true)
            {
                var count = socket.Receive(Reactor.Buffer);
                if (count == 0)
                    break;
                if (count == ReactorSocket.Again)
                    await socket.ReadableAsync();
                else
                    text += System.Text.Encoding.ASCII.GetString(Reactor.Buffer[..count]);
            }
            socket.Dispose();
            return text;
        });
        foreach (var word in (string[])["one", "two", "three"])
        {
            theirs.Send(System.Text.Encoding.ASCII.GetBytes(word));
            await Task.Delay(5);
        }
        theirs.Shutdown(SocketShutdown.Send);
        Assert.Equal("onetwothree", await reading);
    }

    [Fact]
    public async Task An_end_that_came_together_with_the_last_bytes_is_not_missed()
    {
        for (var i = 0; i < 200; i++)
        {
            var (mine, theirs) = _scene.Pair();
            theirs.Send("last"u8);
            theirs.Dispose();
            var counts = await _scene.RunAsync(async () =>
            {
                using var socket = Reactor.Adopt(mine)!;
                var list = new List<int>();
                while (list.LastOrDefault(1) > 0)
                {
                    var count = socket.Receive(Reactor.Buffer);
                    if (count == ReactorSocket.Again)
                        await socket.ReadableAsync();
                    else
                        list.Add(count);
                }
                return list;
            });
            Assert.Equal([4, 0], counts);
        }
    }

    [Fact]
    public async Task A_reset_is_told_as_an_error_and_not_as_an_end()
    {
        var (mine, theirs) = _scene.Pair();
        theirs.LingerState = new LingerOption(true, 0);
        theirs.Dispose();
        var count = await _scene.RunAsync(async () =>
        {
            using var socket = Reactor.Adopt(mine)!;
            int received;
            while ((received = socket.Receive(Reactor.Buffer)) == ReactorSocket.Again)
                await socket.ReadableAsync();
            return received;
        });
        Assert.Equal(-Syscalls.ECONNRESET, count);
    }

    [Fact]
    public async Task Whoever_waits_when_theReactor_stops_wakes_and_finds_the_socket_closed()
    {
        var (mine, theirs) = _scene.Pair();
        var waiting = new TaskCompletionSource();
        var reading = _scene.RunAsync(async () =>
        {
            var socket = Reactor.Adopt(mine)!;
            socket.Receive(Reactor.Buffer);
            var readable = socket.ReadableAsync();
            waiting.SetResult();
            await readable;
            return socket.Receive(Reactor.Buffer);
        });
        await waiting.Task;
        Reactor.Dispose();
        Assert.Equal(-Syscalls.ECANCELED, await reading);
        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => theirs.Receive(new byte[1])).SocketErrorCode);
    }

    [Fact]
    public async Task What_waits_at_a_listener_that_nobody_listens_to_any_more_wakes_nobody()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var calls = 0;
        Reactor.Listen(listener.SafeHandle, () => Interlocked.Increment(ref calls));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref calls) > 1, ReactorScene.Patience));

        var atStop = await _scene.RunAsync(() =>
        {
            Reactor.StopListening(listener.SafeHandle);
            return ValueTask.FromResult(calls);
        });
        // Each is a turn of its own.
        for (var i = 0; i < 10; i++)
            await _scene.RunAsync(() => ValueTask.FromResult(0));
        Assert.Equal(atStop, calls);
    }

    [Fact]
    public async Task A_mistake_in_one_step_does_not_end_theReactor()
    {
        Reactor.Post(static _ => throw new InvalidOperationException(), null);
        Assert.Equal(1, await _scene.RunAsync(() => ValueTask.FromResult(1)));
    }
}
