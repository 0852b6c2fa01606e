using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Everyport.EndToEnd.Tests.Http.WebSockets;

/// <summary>WebSockets between .NET's client and the Kestrel origin: by an upgrade of HTTP/1.1 or the extended CONNECT of HTTP/2 (RFC 8441), on either side.</summary>
public sealed class WebSocketTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, int> AllWays => Ways.All;

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public Task Messages_come_back_as_they_were_sent(string version, int port) => With(version, port, "messages", async (socket, cancelled) =>
    {
        Assert.Equal("talk", socket.SubProtocol);
        for (var i = 0; i < 100; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"word {i}"), WebSocketMessageType.Text, endOfMessage: true, cancelled);
            var (type, message) = await ReceiveAsync(socket, cancelled);
            Assert.Equal(WebSocketMessageType.Text, type);
            Assert.Equal($"word {i}", Encoding.UTF8.GetString(message));
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancelled);
    });

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public Task A_large_message_and_an_empty_one_arrive_whole(string version, int port) => With(version, port, "sizes", async (socket, cancelled) =>
    {
        foreach (var size in (int[])[16 << 20, 0])
        {
            var sent = RandomNumberGenerator.GetBytes(size);
            var sending = socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, cancelled);
            var (type, message) = await ReceiveAsync(socket, cancelled);
            await sending;
            Assert.Equal(WebSocketMessageType.Binary, type);
            Assert.True(sent.AsSpan().SequenceEqual(message), $"{message.Length} of {size} bytes came back, or others");
        }
    });

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public Task The_client_closes_with_a_status_and_a_reason_and_is_answered(string version, int port) => With(version, port, $"closing-{version}-{port}", async (socket, cancelled) =>
    {
        await socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "gone", cancelled);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        Assert.Equal("bye", socket.CloseStatusDescription);
        Assert.Equal(WebSocketState.Closed, socket.State);
        scene.Origin.AssertNotes($"closed-1001-gone closing-{version}-{port}");
    });

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public Task The_origin_closes_with_a_status_and_a_reason(string version, int port) => With(version, port, "closed", async (socket, cancelled) =>
    {
        await socket.SendAsync("close, please"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancelled);
        var (type, _) = await ReceiveAsync(socket, cancelled);
        Assert.Equal(WebSocketMessageType.Close, type);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.CloseStatus);
        Assert.Equal("as you wish", socket.CloseStatusDescription);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancelled);
    });

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public Task A_client_that_breaks_breaks_the_connection_at_the_origin(string version, int port) => With(version, port, $"breaking-{version}-{port}", async (socket, cancelled) =>
    {
        await socket.SendAsync("here"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancelled);
        await ReceiveAsync(socket, cancelled);
        socket.Abort();
        scene.Origin.AssertNotes($"broken breaking-{version}-{port}");
    });

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public Task Pings_are_answered_as_long_as_nothing_is_said(string version, int port) => With(version, port, "pings", async (socket, cancelled) =>
    {
        // The client gives up, and the wait fails, where no pong comes for a second ping.
        var receiving = ReceiveAsync(socket, cancelled);
        await Task.Delay(TimeSpan.FromSeconds(2), cancelled);
        await socket.SendAsync("still here"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancelled);
        var (_, message) = await receiving;
        Assert.Equal("still here", Encoding.UTF8.GetString(message));
    }, options => (options.KeepAliveInterval, options.KeepAliveTimeout) = (TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(30)));

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public Task In_TLS_messages_come_back_too(string version, int port) => With(version, port, "secure", async (socket, cancelled) =>
    {
        await socket.SendAsync("secret"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancelled);
        Assert.Equal("secret"u8.ToArray(), (await ReceiveAsync(socket, cancelled)).Message);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancelled);
    }, scheme: "wss");

    private async Task With(
        string version, int port, string name, Func<ClientWebSocket, CancellationToken, Task> talk, Action<ClientWebSocketOptions>? set = null, string scheme = "ws")
    {
        using var patience = new CancellationTokenSource(Patience);
        using var invoker = new HttpMessageInvoker(scene.NewHandler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Ways.Version(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.AddSubProtocol("talk");
        set?.Invoke(socket.Options);
        await socket.ConnectAsync(new UriBuilder(Ways.Url(port, $"/socket/{name}")) { Scheme = scheme }.Uri, invoker, patience.Token);
        await talk(socket, patience.Token);
    }

    private static async Task<(WebSocketMessageType Type, byte[] Message)> ReceiveAsync(ClientWebSocket socket, CancellationToken cancelled)
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancelled);
            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
                return (received.MessageType, message.ToArray());
        }
    }
}
