using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using static Everyport.EndToEnd.Tests.Reload.ReloadScene;

namespace Everyport.EndToEnd.Tests.Reload;

/// <summary>Rules, routes, clusters, streams and certificates come and go; those who have nothing to do with them notice nothing.</summary>
public sealed class ReloadUnderLoadTests : IDisposable
{
    private const int Reloads = 6;
    private static readonly byte[] Request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray();

    private readonly ReloadScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void No_request_connection_stream_or_flow_fails_and_old_connections_live_on()
    {
        using var load = new Load(_scene.Namespace);
        load.AskOn("kept HTTP connection", Ground, WebPort, Ask);
        load.AskAnew("new HTTP connections", () => Assert.Equal(200, HttpClient10.Get(Ground, WebPort).Status));
        load.AskOn("kept stream", Ground, EchoPort, Repeat);
        load.AskAnew("new streams", () =>
        {
            using var socket = TcpClients.Connect(Ground, EchoPort);
            Repeat(socket);
        });
        load.AskByUdp("kept flow", Ground, QuestionPort);
        load.AskAnew("new handshakes", Shake);
        load.WaitForAll();

        for (var i = 1; i <= Reloads; i++)
        {
            var isThere = i % 2 == 1;
            _scene.Rename(_scene.Configuration(other: isThere));
            _scene.AwaitOther(isThere);
            load.WaitForAll();
        }
        load.Dispose();
        Assert.Empty(load.Failures);
        Assert.DoesNotContain("\"LogLevel\":\"Error\"", _scene.Everyport.Output, StringComparison.Ordinal);
    }

    [KernelFact]
    public void What_leaves_the_configuration_is_served_to_its_end()
    {
        _scene.Rename(_scene.Configuration(other: true));
        _scene.AwaitOther(true);
        _scene.Namespace.Run(() =>
        {
            using var stream = TcpClients.Connect(Other, 7070);
            using var flow = UdpClients.Connect(Other, QuestionPort);
            Repeat(stream);
            Assert.Equal("1"u8, UdpClients.Ask(flow, "1"u8));
            _scene.Rename(_scene.Configuration());
            _scene.AwaitOther(false);
            Repeat(stream);
            stream.Shutdown(SocketShutdown.Send);
            Assert.Empty(TcpClients.ReceiveToEnd(stream));
        });
    }

    private static void Ask(Socket socket)
    {
        socket.Send(Request);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(answer.ToString()))
        {
            var length = socket.Receive(buffer);
            Assert.True(length > 0, "the connection was closed");
            answer.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }
        Assert.StartsWith("HTTP/1.1 200", answer.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Whether the body is as long as the head says.</summary>
    private static bool IsWhole(string answer)
    {
        const string Length = "Content-Length: ";
        var (end, at) = (answer.IndexOf("\r\n\r\n", StringComparison.Ordinal), answer.IndexOf(Length, StringComparison.OrdinalIgnoreCase));
        if (end < 0)
            return false;
        Assert.True(at >= 0, answer);
        var length = int.Parse(answer.AsSpan(at + Length.Length, answer.IndexOf("\r\n", at, StringComparison.Ordinal) - at - Length.Length), System.Globalization.CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetByteCount(answer.AsSpan(end + 4)) >= length;
    }

    private static void Repeat(Socket socket)
    {
        socket.Send("echo"u8);
        Assert.Equal("echo"u8.ToArray(), TcpClients.Receive(socket, 4));
    }

    private static void Shake()
    {
        using var tls = new SslStream(new NetworkStream(TcpClients.Connect(Ground, TlsPort), ownsSocket: true), false, (_, certificate, _, _) => certificate?.Subject == "CN=kept");
        tls.AuthenticateAsClient("kept.example.com");
    }
}
