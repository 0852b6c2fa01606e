using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;
using Everyport.EndToEnd.Tests.Security;

namespace Everyport.EndToEnd.Tests.Lifecycle;

/// <summary>SIGTERM ends what is new at once, and lets what is open end by itself.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly LifecycleScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void New_connections_end_at_once_and_those_that_are_open_when_they_want_to()
    {
        using var everyport = _scene.Start();
        _scene.Namespace.Run(() =>
        {
            using var stream = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort);
            AssertEchoes(stream);
            using var request = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.HttpPort);
            Send(request, "/slow");
            Eventually.Holds(() => _scene.Requests.Contains("/slow"), "the request has not reached the origin");

            everyport.Terminate();
            everyport.AssertTells("Ending (SIGTERM): 2 connections and 0 flows are open");
            Eventually.Holds(IsRefused, "new connections are still accepted");
            Assert.Equal((503, "not ready\n"), Ready());
            var refused = Post("/api/reload");
            Assert.StartsWith("HTTP/1.1 503 ", refused, StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\nThe proxy is ending: it keeps the configuration that it has.\n", refused, StringComparison.Ordinal);
            AssertEchoes(stream);

            _scene.AnswerSlowRequests();
            var answer = Encoding.ASCII.GetString(TcpClients.ReceiveToEnd(request));
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
            Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
            AssertEchoes(stream);

            Assert.False(everyport.HasEnded);
            stream.Shutdown(SocketShutdown.Send);
            Assert.Empty(TcpClients.ReceiveToEnd(stream));
        });
        Assert.Equal(0, everyport.WaitForExit());
        everyport.AssertTells("All connections and flows have ended");
        Assert.Empty(EveryportProgram.AttachedTo(_scene.Namespace));
    }

    [KernelFact]
    public void An_HTTP_connection_that_rests_serves_one_more_request()
    {
        using var everyport = _scene.Start("\"RestTimeout\": \"01:00:00\", \"DrainTimeout\": \"01:00:00\"");
        _scene.Namespace.Run(() =>
        {
            using var connection = Rest();
            everyport.Terminate();
            Eventually.Holds(IsRefused, "new connections are still accepted");
            Send(connection, "/second");
            Assert.Contains("\r\nConnection: close\r\n", Encoding.ASCII.GetString(TcpClients.ReceiveToEnd(connection)), StringComparison.Ordinal);
        });
        Assert.Equal(0, everyport.WaitForExit());
        everyport.AssertTells("All connections and flows have ended");
    }

    [KernelFact]
    public void An_HTTP_connection_that_rests_is_closed_after_a_while()
    {
        using var everyport = _scene.Start("\"DrainTimeout\": \"01:00:00\"");
        _scene.Namespace.Run(() =>
        {
            using var connection = Rest();
            everyport.Terminate();
            Assert.Empty(TcpClients.ReceiveToEnd(connection));
        });
        Assert.Equal(0, everyport.WaitForExit());
        everyport.AssertTells("All connections and flows have ended");
    }

    [KernelFact]
    public void An_HTTP_client_that_begins_to_speak_late_is_served_as_well()
    {
        using var everyport = _scene.Start("\"RestTimeout\": \"00:00:02\", \"DrainTimeout\": \"01:00:00\"", "", "env", "Limits__SniffTimeout=01:00:00");
        _scene.Namespace.Run(() =>
        {
            using var late = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.HttpPort);
            using var resting = Rest();
            everyport.Terminate();
            Assert.Empty(TcpClients.ReceiveToEnd(resting));
            Send(late, "/late");
            var answer = Encoding.ASCII.GetString(TcpClients.ReceiveToEnd(late));
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
            Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        });
        Assert.Equal(0, everyport.WaitForExit());
        everyport.AssertTells("All connections and flows have ended");
    }

    [KernelFact]
    public void An_HTTP2_client_is_told_that_its_connection_ends_and_gets_its_answer()
    {
        using var everyport = _scene.Start();
        _scene.Namespace.Run(() =>
        {
            using var wire = Http2Wire.Connect(LifecycleScene.HttpPort);
            wire.Send(Http2Wire.Request(1, Http2Wire.Get("/slow")));
            Eventually.Holds(() => _scene.Requests.Contains("/slow"), "the request has not reached the origin");
            everyport.Terminate();
            Eventually.Holds(IsRefused, "new connections are still accepted");
            _scene.AnswerSlowRequests();

            var (isTold, isAnswered) = (false, false);
            while (wire.Receive() is { } frame)
            {
                isTold |= frame.Type == Http2Wire.GoAway;
                isAnswered |= frame is { Type: Http2Wire.Data, Stream: 1 };
            }
            Assert.Equal((true, true), (isTold, isAnswered));
        });
        Assert.Equal(0, everyport.WaitForExit());
        everyport.AssertTells("All connections and flows have ended");
    }

    [KernelFact]
    public void What_does_not_end_in_time_is_closed()
    {
        using var everyport = _scene.Start("\"DrainTimeout\": \"00:00:01\"");
        _scene.Namespace.Run(() =>
        {
            using var stream = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort);
            AssertEchoes(stream);
            Assert.Equal(0, everyport.Stop());
            Assert.Throws<SocketException>(() => TcpClients.ReceiveToEnd(stream));
        });
        everyport.AssertTells("Closing 1 connections and 0 flows that have not ended in time");
    }

    [KernelFact]
    public void A_second_signal_ends_it_at_once()
    {
        using var everyport = _scene.Start("\"DrainTimeout\": \"01:00:00\"");
        _scene.Namespace.Run(() =>
        {
            using var stream = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort);
            AssertEchoes(stream);
            everyport.Terminate();
            everyport.AssertTells("Ending (SIGTERM)");
            Assert.Equal(0, everyport.Stop());
        });
        Assert.Empty(EveryportProgram.AttachedTo(_scene.Namespace));
    }

    [KernelFact]
    public void Who_asks_whether_it_is_ready_gets_time_to_notice()
    {
        using var everyport = _scene.Start("\"ReadyDelay\": \"01:00:00\"");
        _scene.Namespace.Run(() =>
        {
            everyport.Terminate();
            Eventually.Holds(() => Ready().Status == 503, "it says that it is ready");
            Assert.Equal(200, HttpClient10.Get(LifecycleScene.Address, LifecycleScene.HttpPort).Status);
        });
        Assert.Equal(0, everyport.Stop());
    }

    [KernelFact]
    public void The_admin_host_drains_too()
    {
        using var everyport = _scene.Start();
        _scene.Namespace.Run(() =>
        {
            using var stream = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort);
            AssertEchoes(stream);
            using var flow = UdpClients.Connect(LifecycleScene.Address, LifecycleScene.FlowPort);
            Assert.Equal("!"u8, UdpClients.Ask(flow, "!"u8));

            var answer = Post("/api/drain");
            Assert.StartsWith("HTTP/1.1 202 ", answer, StringComparison.Ordinal);
            Assert.EndsWith("{\"draining\":true,\"connections\":1,\"flows\":1}", answer, StringComparison.Ordinal);
            Eventually.Holds(IsRefused, "new connections are still accepted");
        });
        // The client has closed its connection; the flow, which nobody can close, ends when it is quiet.
        Assert.Equal(0, everyport.WaitForExit());
        everyport.AssertTells("All connections and flows have ended");
    }

    private static void AssertEchoes(Socket stream)
    {
        stream.Send("echo"u8);
        Assert.Equal("echo"u8, TcpClients.Receive(stream, 4));
    }

    /// <summary>A connection that has had an answer.</summary>
    private static Socket Rest()
    {
        var connection = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.HttpPort);
        Send(connection, "/first");
        Assert.DoesNotContain("Connection: close", ReceiveAnswer(connection), StringComparison.Ordinal);
        return connection;
    }

    private static void Send(Socket connection, string path) => connection.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"));

    private static string ReceiveAnswer(Socket connection)
    {
        var text = "";
        while (!text.EndsWith("\r\n\r\nok", StringComparison.Ordinal))
            text += Encoding.ASCII.GetString(TcpClients.Receive(connection, 1));
        return text;
    }

    private static string Post(string path)
    {
        using var admin = TcpClients.Connect("127.0.0.1", 9464);
        admin.Send(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.0\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"));
        return Encoding.ASCII.GetString(TcpClients.ReceiveToEnd(admin));
    }

    private static (int Status, string Body) Ready()
    {
        var answer = HttpClient10.Get("127.0.0.1", 9464, "/readyz");
        return (answer.Status, answer.Body);
    }

    private static bool IsRefused()
    {
        try
        {
            using var client = TcpClients.Connect(LifecycleScene.Address, LifecycleScene.StreamPort);
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }
}
