using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>What is too long, too much or too slow is refused and counted, and others are served.</summary>
public sealed class HttpLimitTests(LimitScene scene) : IClassFixture<LimitScene>
{
    public static TheoryData<string, string, string> TooMuch => new()
    {
        { "RequestLine", "414", $"GET /{new string('a', 1000)} HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "RequestLine", "414", $"GET /?{new string('a', 100_000)} HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "HeaderBytes", "431", $"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 5000)}\r\n\r\n" },
        { "HeaderBytes", "431", $"GET / HTTP/1.1\r\nHost: a\r\n{Headers(15, new string('a', 300))}\r\n" },
        { "HeaderCount", "431", $"GET / HTTP/1.1\r\nHost: a\r\n{Headers(30, "a")}\r\n" },
        { "BodyBytes", "413", $"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n" },
    };

    [KernelTheory]
    [MemberData(nameof(TooMuch))]
    public void It_is_refused(string limit, string status, string request) => AssertCounts(limit, () =>
        Assert.StartsWith($"HTTP/1.1 {status} ", scene.Exchange(request), StringComparison.Ordinal));

    [KernelFact]
    public void A_body_without_a_length_is_refused_when_it_has_become_too_long() => AssertCounts("BodyBytes", () =>
    {
        var chunk = $"4000\r\n{new string('a', 0x4000)}\r\n";
        var answer = scene.Exchange($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{string.Concat(Enumerable.Repeat(chunk, 10))}0\r\n\r\n");
        Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
    });

    [KernelTheory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: ")]
    [InlineData("GET / HTTP/1.1\r\n")]
    public void Headers_that_come_byte_by_byte_are_not_waited_for(string beginning) => AssertCounts("HeaderTimeout", () => Dribble(beginning));

    [KernelFact]
    public void A_body_that_comes_byte_by_byte_is_not_waited_for() =>
        AssertCounts("BodyRate", () => Dribble("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n"));

    [KernelFact]
    public void A_connection_without_a_request_is_closed() => AssertCounts("KeepAlive", () => scene.Namespace.Run(() =>
    {
        using var socket = TcpClients.Connect(SecurityScene.Address, SecurityScene.Plain);
        Assert.EndsWith("ok", Encoding.ASCII.GetString(SecurityScene.Exchange(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray())), StringComparison.Ordinal);
    }));

    [KernelFact]
    public void A_connection_has_as_many_requests_as_it_may() => AssertCounts("Requests", () =>
    {
        var answers = scene.Exchange(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 10))).Split("HTTP/1.1 ")[1..];
        Assert.Equal(3, answers.Length);
        Assert.Contains("Connection: close", answers[^1], StringComparison.Ordinal);
    });

    /// <summary>Sends one byte now and then, until the proxy has had enough.</summary>
    private void Dribble(string beginning) => scene.Namespace.Run(() =>
    {
        using var socket = TcpClients.Connect(SecurityScene.Address, SecurityScene.Plain);
        socket.Send(Encoding.ASCII.GetBytes(beginning));
        Eventually.Holds(() =>
        {
            try
            {
                Thread.Sleep(50);
                return socket.Send("a"u8) == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }, "the proxy goes on waiting");
    });

    private static string Headers(int count, string value) => string.Concat(Enumerable.Range(0, count).Select(number => $"X-{number}: {value}\r\n"));

    private void AssertCounts(string limit, Action attack)
    {
        var before = scene.Hits(limit);
        attack();
        scene.AssertServesOthers();
        scene.AssertCounted(limit, before);
        scene.AssertLogsNoException();
    }
}
