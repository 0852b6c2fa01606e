using System.Net.Sockets;
using System.Text;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tests.Reactors;

namespace Everyport.Proxy.Tests.Connections;

/// <summary>A look at the first bytes of real connections, which stay in the socket.</summary>
public sealed class SniffWaitTests : IDisposable
{
    /// <summary>Never waited for where a test passes.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private readonly ReactorScene _scene = new();
    private readonly Socket _client;
    private readonly int _server;

    public SniffWaitTests() => (_server, _client) = _scene.Pair();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_recognised_and_none_of_it_is_lost()
    {
        var request = "GET / HTTP/1.1\r\n"u8.ToArray();
        var waiting = WaitAsync(Long);
        foreach (var b in request)
        {
            Assert.False(waiting.IsCompleted);
            _client.Send([b]);
            await Task.Delay(2);
        }
        Assert.Equal((PeekEnd.Enough, SniffedProtocol.Http1, Encoding.ASCII.GetString(request)), await waiting);
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_raw_when_the_time_is_over() =>
        Assert.Equal((PeekEnd.TimedOut, SniffedProtocol.Raw, ""), await WaitAsync(Short));

    [Fact]
    public async Task A_client_that_says_too_little_is_raw_when_the_time_is_over()
    {
        _client.Send("GET"u8);
        Assert.Equal((PeekEnd.TimedOut, SniffedProtocol.Raw, "GET"), await WaitAsync(Short));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hi")]
    public async Task A_client_that_has_said_all_it_will_is_not_waited_for(string text)
    {
        _client.Send(Encoding.ASCII.GetBytes(text));
        _client.Shutdown(SocketShutdown.Send);
        Assert.Equal((PeekEnd.ClientEnded, SniffedProtocol.Raw, text), await WaitAsync(Long));
    }

    [Fact]
    public async Task A_break_ends_the_wait()
    {
        var waiting = WaitAsync(Long);
        _client.LingerState = new LingerOption(true, 0);
        _client.Dispose();
        Assert.Equal(PeekEnd.ClientEnded, (await waiting).End);
    }

    [Fact]
    public async Task A_stop_of_the_proxy_ends_the_wait()
    {
        var waiting = WaitAsync(Long);
        _client.Send("G"u8);
        await _scene.RunAsync(() => ValueTask.FromResult(true)); // it has begun
        _scene.Reactor.Dispose();
        Assert.Equal(PeekEnd.ClientEnded, (await waiting).End);
    }

    /// <summary>The result, and what is there to be received afterwards.</summary>
    private Task<(PeekEnd End, SniffedProtocol Protocol, string Left)> WaitAsync(TimeSpan timeout) => _scene.RunAsync(async () =>
    {
        using var socket = _scene.Reactor.Adopt(_server)!;
        var wait = new SniffWait(_scene.Reactor, socket, silent: null);
        var end = await wait.RunAsync(timeout);
        var left = Math.Max(0, socket.Receive(_scene.Reactor.Buffer));
        return (end, wait.Result.Protocol, Encoding.ASCII.GetString(_scene.Reactor.Buffer[..left]));
    });
}
