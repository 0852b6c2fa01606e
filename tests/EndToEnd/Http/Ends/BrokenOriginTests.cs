using System.Net;
using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Http.Ends;

/// <summary>Origins that break in the middle of an answer: the client must never take what it has for the whole.</summary>
public sealed class BrokenOriginTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    private const string Counted = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string UntilTheEnd = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

    /// <summary>What the origin sends before it breaks, and whether by a reset.</summary>
    public static TheoryData<string, bool> Beginnings => new()
    {
        { Counted, false },
        { Counted, true },
        { Counted + "a part", false },
        { Counted + "a part", true },
        { Chunked, false },
        { Chunked, true },
        { Chunked + "6\r\na part\r\n", false },
        { Chunked + "6\r\na part\r\n", true },
        { Chunked + "20\r\na part", false },
        { UntilTheEnd + "a part", true },
    };

    [KernelTheory]
    [MemberData(nameof(Beginnings))]
    public void A_client_of_HTTP_1_1_gets_an_answer_that_is_broken_too(string beginning, bool reset)
    {
        using var origin = ThatSends(30_001, beginning, reset);
        scene.Namespace.Run(() =>
        {
            using var client = Ask(30_001, "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
            var ended = RawHttp.TryReadToEnd(client, out var answer);
            if (IsBadGateway(answer))
                return;
            var (head, body) = Split(answer);
            // An end without a reset is no end to a body that says itself where it ends.
            Assert.True(!ended || head.Contains("Content-Length: 100", StringComparison.Ordinal) || head.Contains("chunked", StringComparison.Ordinal), answer);
            Assert.True(head.Length == 0 || body.Length < 100 && !body.EndsWith("0\r\n\r\n", StringComparison.Ordinal), answer);
        });
    }

    [KernelTheory]
    [MemberData(nameof(Beginnings))]
    public void A_client_of_HTTP_1_0_which_knows_no_other_end_gets_a_reset(string beginning, bool reset)
    {
        using var origin = ThatSends(30_002, beginning, reset);
        scene.Namespace.Run(() =>
        {
            using var client = Ask(30_002, "GET / HTTP/1.0\r\nHost: test\r\n\r\n");
            var ended = RawHttp.TryReadToEnd(client, out var answer);
            Assert.True(!ended || IsBadGateway(answer) || answer.Contains("Content-Length: 100", StringComparison.Ordinal), answer);
        });
    }

    [KernelTheory]
    [MemberData(nameof(Beginnings))]
    public async Task A_client_of_HTTP_2_gets_a_stream_that_is_broken_too(string beginning, bool reset)
    {
        using var origin = ThatSends(30_003, beginning, reset);
        using var client = scene.NewClient(HttpVersion.Version20);
        try
        {
            using var answer = await client.GetAsync(Ways.Url(30_003, "/"));
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The other way in which nobody can be wrong.
        }
    }

    private TcpServer ThatSends(int port, string beginning, bool reset) => TcpServer.With(scene.Namespace, "127.0.0.1", port, connection =>
    {
        RawHttp.ReadHead(connection);
        RawHttp.Write(connection, beginning);
        if (reset)
            RawHttp.Reset(connection);
        else
            connection.Shutdown(SocketShutdown.Send);
    });

    private static Socket Ask(int port, string request)
    {
        var client = TcpClients.Connect(PartiesScene.Address, port);
        RawHttp.Write(client, request);
        return client;
    }

    private static bool IsBadGateway(string answer) => answer.StartsWith("HTTP/1.1 502 ", StringComparison.Ordinal);

    private static (string Head, string Body) Split(string answer) =>
        answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end ? (answer[..end], answer[(end + 4)..]) : (answer, "");
}
