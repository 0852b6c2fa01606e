using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Logs;

/// <summary>What the access log tells of real requests, streams and flows.</summary>
public sealed class AccessLogTests(LogScene scene) : IClassFixture<LogScene>
{
    [KernelTheory]
    [InlineData("--http1.1", "HTTP/1.1")]
    [InlineData("--http2-prior-knowledge", "HTTP/2")]
    public void A_request_is_told_with_all_that_is_known_of_it(string option, string protocol)
    {
        var target = $"/{protocol}%20\"?x={Guid.NewGuid():N}";
        var size = Curl(option, "-A", "a \"client\"", "-e", "http://referer.example/", "-H", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "-d", "seventeen letters", "-w", "%{size_download}", At(LogScene.Web, target));
        var record = scene.AssertLogged("Target", target);
        AssertHas(record, ("Kind", "request"), ("Original", $"{LogScene.Address}:{LogScene.Web}"), ("Protocol", protocol), ("Method", "POST"), ("Host", $"{LogScene.Address}:{LogScene.Web}"),
            ("Status", "200"), ("Route", "web"), ("Cluster", "origins"), ("Destination", "built-in"), ("BytesIn", "17"), ("BytesOut", size), ("UserAgent", "a \"client\""),
            ("Referer", "http://referer.example/"), ("TraceId", "0af7651916cd43dd8448eb211c80319c"));
        Assert.StartsWith($"{LogScene.Client}:", record.GetProperty("Client").GetString(), StringComparison.Ordinal);
        Assert.InRange(record.GetProperty("Milliseconds").GetDouble(), 0.001, 60_000);
        Assert.Equal(DateTime.UtcNow, record.GetProperty("Timestamp").GetDateTime(), TimeSpan.FromMinutes(2));
    }

    [KernelFact]
    public void A_request_that_the_proxy_has_to_answer_is_told_with_the_reason()
    {
        var size = Curl("-w", "%{size_download}", At(LogScene.Down, "/unreachable"));
        AssertHas(scene.AssertLogged("Target", "/unreachable"), ("Status", "502"), ("Reason", "ConnectFailed"), ("Route", "down"), ("Destination", "only"), ("BytesOut", size));

        Curl(At(LogScene.Narrow, "/nowhere"));
        var record = scene.AssertLogged("Target", "/nowhere");
        AssertHas(record, ("Status", "404"), ("Reason", "NoRoute"));
        Assert.False(record.TryGetProperty("Route", out _));
    }

    [KernelTheory]
    [InlineData("400", "GET /bad HTTP/1.1\r\nHost: bad.example\r\nHost: other.example\r\n\r\n", "GET", "/bad")]
    [InlineData("400", "GET /worse HTTP/1.1\r\nHost : a\r\n\r\n", "GET", "/worse")]
    [InlineData("505", "GET /future HTTP/1.2\r\nHost: a\r\n\r\n", "", "")]
    [InlineData("414", null, "", "")]
    public void A_request_that_is_not_understood_is_told_as_far_as_it_was(string status, string? request, string method, string target)
    {
        var (client, answer) = scene.Namespace.Run(() =>
        {
            using var socket = TcpClients.Connect(LogScene.Address, LogScene.Web, LogScene.Client);
            socket.Send(System.Text.Encoding.ASCII.GetBytes(request ?? $"GET /{new string('a', 100_000)} HTTP/1.1\r\nHost: a\r\n\r\n"));
            return (socket.LocalEndPoint!.ToString()!, System.Text.Encoding.ASCII.GetString(TcpClients.Receive(socket, 12)));
        });
        Assert.Equal($"HTTP/1.1 {status}", answer);
        AssertHas(scene.AssertLogged("Client", client), ("Kind", "request"), ("Original", $"{LogScene.Address}:{LogScene.Web}"), ("Status", status), ("Reason", "BadRequest"), ("Method", method), ("Target", target));
    }

    [KernelFact]
    public void A_route_can_be_left_out()
    {
        Curl(At(LogScene.Web, "/healthz"), At(LogScene.Web, "/after-healthz"));
        scene.AssertLogged("Target", "/after-healthz");
        Assert.DoesNotContain(scene.Everyport.Records, record => record.TryGetProperty("Route", out var route) && route.GetString() == "quiet");
    }

    [KernelFact]
    public void A_stream_is_told_with_its_bytes()
    {
        var client = scene.Namespace.Run(() =>
        {
            using var socket = TcpClients.Connect(LogScene.Address, LogScene.Mail, LogScene.Client);
            TcpClients.Receive(socket, LogScene.Greeting.Length);
            socket.Send("QUIT\r\n"u8);
            socket.Shutdown(SocketShutdown.Send);
            TcpClients.ReceiveToEnd(socket);
            return socket.LocalEndPoint!.ToString()!;
        });
        AssertHas(scene.AssertLogged("Client", client), ("Kind", "stream"), ("Original", $"{LogScene.Address}:{LogScene.Mail}"), ("Protocol", "TCP"), ("Route", "mail"), ("Cluster", "mail"),
            ("Destination", "a"), ("BytesIn", "6"), ("BytesOut", LogScene.Greeting.Length.ToString(CultureInfo.InvariantCulture)), ("Reason", "Finished"));
    }

    [KernelFact]
    public void A_stream_is_told_with_the_name_that_its_client_asked_for()
    {
        var hello = RecordedHello.For("db.example.com");
        scene.Namespace.Run(() =>
        {
            using var socket = TcpClients.Connect(LogScene.Address, LogScene.Secure);
            socket.Send(hello);
            TcpClients.Receive(socket, LogScene.Greeting.Length);
        });
        AssertHas(scene.AssertLogged("Sni", "db.example.com"), ("Route", "secure"), ("BytesIn", hello.Length.ToString(CultureInfo.InvariantCulture)));
    }

    [KernelFact]
    public void A_stream_without_a_destination_is_told_with_the_reason()
    {
        scene.Namespace.TryExec("nc", "-w", "30", LogScene.Address, $"{LogScene.Dead}");
        AssertHas(scene.AssertLogged("Route", "dead"), ("Reason", "DestinationUnreachable"), ("Destination", "b"), ("BytesIn", "0"), ("BytesOut", "0"));
    }

    [KernelFact]
    public void A_flow_is_told_with_its_datagrams()
    {
        Assert.Equal("192.0.2.2\n", scene.Namespace.Exec("dig", "+short", "-b", LogScene.Client, $"@{LogScene.Address}", "small.example"));
        var record = scene.AssertLogged("Kind", "flow");
        AssertHas(record, ("Original", $"{LogScene.Address}:{LogScene.Dns}"), ("Protocol", "UDP"), ("Route", "dns"), ("Cluster", "dns"), ("Destination", "nsd"),
            ("DatagramsIn", "1"), ("DatagramsOut", "1"), ("Reason", "Answered"));
        Assert.StartsWith($"{LogScene.Client}:", record.GetProperty("Client").GetString(), StringComparison.Ordinal);
        Assert.InRange(record.GetProperty("BytesIn").GetInt32(), 20, 200);
    }

    private string Curl(params string[] arguments) =>
        scene.Namespace.Exec("curl", ["-sS", "--globoff", "--max-time", "60", "--interface", LogScene.Client, .. arguments, "-o", "/dev/null"]);

    private static string At(int port, string target) => string.Create(CultureInfo.InvariantCulture, $"http://{LogScene.Address}:{port}{target}");

    private static void AssertHas(JsonElement record, params (string Key, string Value)[] expected) =>
        Assert.Equal(expected, expected.Select(pair => (pair.Key, record.TryGetProperty(pair.Key, out var value) ? value.ToString() : "")));
}
