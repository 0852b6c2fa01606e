using System.Net;
using System.Net.Sockets;
using System.Text;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Tests.Connections;

/// <summary>A look at the first bytes of real connections, which stay in the socket.</summary>
public sealed class ConnectionPeekTests : IDisposable
{
    /// <summary>Never waited for where a test passes.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Socket _server;

    public ConnectionPeekTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _client.Connect(listener.LocalEndPoint!);
        _server = listener.Accept();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_recognised_and_none_of_it_is_lost()
    {
        var request = "GET / HTTP/1.1\r\n"u8.ToArray();
        var classifying = ConnectionPeek.ClassifyAsync(_server, Long, CancellationToken.None).AsTask();
        foreach (var b in request)
        {
            Assert.False(classifying.IsCompleted);
            await _client.SendAsync(new[] { b });
            await Task.Delay(2);
        }
        Assert.Equal(SniffedProtocol.Http1, (await classifying.WaitAsync(Long)).Protocol);

        var received = new byte[64];
        Assert.Equal(request, received[..await _server.ReceiveAsync(received)]);
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_raw_when_the_time_is_over() =>
        Assert.Equal(SniffedProtocol.Raw, (await ConnectionPeek.ClassifyAsync(_server, TimeSpan.FromMilliseconds(200), CancellationToken.None)).Protocol);

    [Fact]
    public async Task A_client_that_says_too_little_is_raw_when_the_time_is_over()
    {
        await _client.SendAsync("GET"u8.ToArray());
        Assert.Equal(SniffedProtocol.Raw, (await ConnectionPeek.ClassifyAsync(_server, TimeSpan.FromMilliseconds(200), CancellationToken.None)).Protocol);
        Assert.Equal(3, _server.Available);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hi")]
    public async Task A_client_that_has_said_all_it_will_is_not_waited_for(string text)
    {
        await _client.SendAsync(Encoding.ASCII.GetBytes(text));
        _client.Shutdown(SocketShutdown.Send);
        Assert.Equal(SniffedProtocol.Raw, (await ConnectionPeek.ClassifyAsync(_server, Long, CancellationToken.None).AsTask().WaitAsync(Long)).Protocol);
        Assert.Equal(text.Length, _server.Available);
    }

    [Fact]
    public async Task A_stop_of_the_proxy_ends_the_wait()
    {
        using var stopping = new CancellationTokenSource();
        var classifying = ConnectionPeek.ClassifyAsync(_server, Long, stopping.Token).AsTask();
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => classifying.WaitAsync(Long));
    }

    [Fact]
    public void The_kernel_tells_both_ends_of_a_connection()
    {
        Assert.Equal(_client.RemoteEndPoint, SocketNames.Local(_server).ToIPEndPoint());
        Assert.Equal(_client.LocalEndPoint, SocketNames.Remote(_server).ToIPEndPoint());
    }
}
