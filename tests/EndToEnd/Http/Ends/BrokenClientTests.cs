using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Http.Ends;

/// <summary>Clients that break, and clients that only have no more to say.</summary>
public sealed class BrokenClientTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    [KernelTheory]
    [InlineData(10_080)]
    [InlineData(20_080)]
    public void The_origin_notices_a_client_of_HTTP_1_that_breaks_while_it_waits(int port) => BreakAfter($"GET /wait/NAME HTTP/1.1\r\nHost: test\r\n\r\n", $"waiting-{port}", port);

    [KernelTheory]
    [InlineData(10_080)]
    [InlineData(20_080)]
    public void The_origin_notices_a_client_of_HTTP_1_that_breaks_while_it_is_answered(int port) => BreakAfter($"GET /endless/NAME HTTP/1.1\r\nHost: test\r\n\r\n", $"answered-{port}", port);

    [KernelTheory]
    [InlineData(10_080)]
    [InlineData(20_080)]
    public void The_origin_notices_a_client_of_HTTP_1_that_breaks_in_a_body(int port) =>
        BreakAfter($"POST /take/NAME HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\na part", $"asking-{port}", port);

    [KernelTheory]
    [InlineData(10_080)]
    [InlineData(20_080)]
    public void The_origin_notices_a_client_of_HTTP_1_that_breaks_between_chunks(int port) =>
        BreakAfter($"POST /take/NAME HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n6\r\na part\r\n", $"chunks-{port}", port);

    // A client of HTTP/1.1 closes its connection then, and may as well have no more to say: the proxy gives it half a minute.
    [KernelTheory]
    [InlineData("1.1", 10_080)]
    [InlineData("2.0", 10_080)]
    [InlineData("2.0", 20_080)]
    public async Task The_origin_notices_a_request_that_is_cancelled(string version, int port)
    {
        var name = $"cancelled-{version}-{port}";
        using var client = scene.NewClient(Ways.Version(version));
        using var cancel = new CancellationTokenSource();
        var answer = client.GetAsync(Ways.Url(port, $"/wait/{name}"), cancel.Token);
        scene.Origin.AssertNotes($"began {name}");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        scene.Origin.AssertNotes($"broken {name}");
    }

    [KernelTheory]
    [InlineData(10_080)]
    [InlineData(20_080)]
    public void A_client_that_has_no_more_to_say_gets_its_answer(int port)
    {
        var answer = Command.Try("ip", ["netns", "exec", scene.Namespace.Name, "nc", "-N", "-s", "127.0.0.1", PartiesScene.Address, $"{port}"], "GET /slow/1000 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer.Output, StringComparison.Ordinal);
        Assert.EndsWith("at last\r\n0\r\n\r\n", answer.Output, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_client_that_has_no_more_to_say_gets_a_long_answer_whole()
    {
        const int Length = 32 << 20;
        scene.Namespace.Run(() =>
        {
            using var client = TcpClients.Connect(PartiesScene.Address, 10_080);
            client.Send(Encoding.ASCII.GetBytes($"GET /bytes/{Length} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"));
            client.Shutdown(SocketShutdown.Send);
            Assert.Contains($"Content-Length: {Length}\r\n", RawHttp.ReadHead(client), StringComparison.Ordinal);
            Assert.Equal(Length, TcpClients.ReceiveToEnd(client).Length);
        });
    }

    private void BreakAfter(string request, string name, int port)
    {
        scene.Namespace.Run(() =>
        {
            var client = TcpClients.Connect(PartiesScene.Address, port);
            RawHttp.Write(client, request.Replace("NAME", name, StringComparison.Ordinal));
            scene.Origin.AssertNotes($"began {name}");
            RawHttp.Reset(client);
        });
        scene.Origin.AssertNotes($"broken {name}");
    }
}
