using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>What is too long, too much or too slow is refused and counted, and others are served.</summary>
public sealed class HttpLimitTests(LimitScene scene) : IClassFixture<LimitScene>
{
    private const long MostGrowth = 128 << 20;

    public static TheoryData<string, string, string> TooMuch => new()
    {
        { "RequestLine", "414", $"GET /{new string('a', 1000)} HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "RequestLine", "414", $"GET /?{new string('a', 100_000)} HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "HeaderBytes", "431", $"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 5000)}\r\n\r\n" },
        { "HeaderBytes", "431", $"GET / HTTP/1.1\r\nHost: a\r\n{Headers(15, new string('a', 300))}\r\n" },
        { "HeaderCount", "431", $"GET / HTTP/1.1\r\nHost: a\r\n{Headers(30, "a")}\r\n" },
    };

    [KernelTheory]
    [MemberData(nameof(TooMuch))]
    public void It_is_refused(string limit, string status, string request) => AssertCounts(limit, () =>
        Assert.StartsWith($"HTTP/1.1 {status} ", scene.Exchange(request), StringComparison.Ordinal));

    [KernelFact]
    public void A_body_that_is_too_long_is_refused()
    {
        var before = scene.Errors("BodyTooLarge");
        Assert.StartsWith("HTTP/1.1 413 ", scene.Exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n"), StringComparison.Ordinal);
        Eventually.Holds(() => scene.Errors("BodyTooLarge") > before, "it was not counted");
        scene.AssertServesOthers();
    }

    [KernelFact]
    public void A_body_without_a_length_is_refused_when_it_has_become_too_long()
    {
        scene.Origin.Requests.Clear();
        var before = scene.Errors("BodyTooLarge");
        var chunk = $"4000\r\n{new string('a', 0x4000)}\r\n";
        var answer = scene.Exchange($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{string.Concat(Enumerable.Repeat(chunk, 10))}0\r\n\r\n");
        Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Eventually.Holds(() => scene.Errors("BodyTooLarge") > before, "it was not counted");
        Assert.DoesNotContain(scene.Origin.Requests, request => request.Body.Length > 100);
        scene.AssertServesOthers();
    }

    [KernelFact]
    public void A_route_has_a_limit_of_its_own_for_bodies()
    {
        var small = $"POST /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2000\r\n\r\n{new string('a', 2000)}";
        Assert.StartsWith("HTTP/1.1 413 ", scene.Exchange(small), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", scene.Exchange(small.Replace("/small", "/other", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

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

    [KernelFact]
    public void Many_connections_whose_headers_never_end_leave_others_their_turn() => AssertCounts("HeaderTimeout", () => scene.Namespace.Run(() =>
    {
        const int Many = 300;
        var sockets = Enumerable.Range(0, Many).Select(_ => TcpClients.Connect(SecurityScene.Address, SecurityScene.Plain)).ToArray();
        foreach (var socket in sockets)
            socket.Send("GET / HTTP/1.1\r\nHost:"u8);
        scene.AssertServesOthers();
        foreach (var socket in sockets)
        {
            SecurityScene.Exchange(socket, []);
            socket.Dispose();
        }
    }));

    [KernelFact]
    public void An_answer_that_nobody_takes_is_given_up() => AssertCounts("ResponseRate", hits =>
    {
        var before = ProcessFacts.Resident(scene.Everyport.Id);
        scene.Namespace.Run(() =>
        {
            using var socket = TcpClients.Connect(SecurityScene.Address, SecurityScene.Plain);
            socket.Send(Encoding.ASCII.GetBytes($"GET {RecordingOrigin.Large} HTTP/1.1\r\nHost: a\r\n\r\n"));
            AwaitHit("ResponseRate", hits);
        });
        Assert.InRange(ProcessFacts.Resident(scene.Everyport.Id), 0, before + MostGrowth);
    });

    [KernelFact]
    public void An_answer_that_a_window_never_opens_for_is_given_up() => AssertCounts("ResponseRate", hits => scene.Namespace.Run(() =>
    {
        // SETTINGS_INITIAL_WINDOW_SIZE is zero.
        using var wire = Http2Wire.Connect(settings: [0, 4, 0, 0, 0, 0]);
        wire.Send(Http2Wire.Request(1, Http2Wire.Get(RecordingOrigin.Large)));
        Assert.Equal("200", wire.Outcome(1));
        AwaitHit("ResponseRate", hits);
        wire.ReceiveUntil(_ => false);
    }));

    [KernelFact]
    public void A_client_has_as_many_requests_at_one_time_as_it_may() => scene.Namespace.Run(() =>
    {
        const int Allowed = 5;
        using var wire = Http2Wire.Connect();
        for (var number = 0; number <= Allowed; number++)
            wire.Send(Http2Wire.Request((2 * number) + 1, Http2Wire.Get(RecordingOrigin.Never)));
        var refused = wire.ReceiveUntil(frame => frame.Type == Http2Wire.Reset);
        Assert.Equal((2 * Allowed) + 1, refused?.Stream);
        Assert.Equal(7, refused?.Error); // REFUSED_STREAM
        scene.AssertServesOthers();
    });

    [KernelTheory]
    [InlineData(20, 300, "HeaderBytes")]
    [InlineData(30, 1, "HeaderCount")]
    public void The_headers_of_HTTP_2_have_the_same_limits(int count, int length, string limit) => AssertCounts(limit, () => scene.Namespace.Run(() =>
    {
        using var wire = Http2Wire.Connect();
        wire.Send(Http2Wire.Request(1, [.. Http2Wire.Get(), .. Enumerable.Range(0, count).Select(number => ($"x-{number}", new string('a', length)))]));
        Assert.Contains(wire.Outcome(1), new[] { "431", "goaway" });
    }));

    [KernelFact]
    public void Headers_of_HTTP_2_that_do_not_end_are_not_waited_for() => AssertCounts("HeaderTimeout", () => scene.Namespace.Run(() =>
    {
        using var wire = Http2Wire.Connect();
        wire.Send(Http2Wire.Make(Http2Wire.Headers, Http2Wire.EndStream, 1, Http2Wire.Block(Http2Wire.Get())));
        wire.ReceiveUntil(_ => false);
    }));

    [KernelFact]
    public void A_body_of_HTTP_2_that_does_not_come_is_not_waited_for() => AssertCounts("BodyRate", () => scene.Namespace.Run(() =>
    {
        using var wire = Http2Wire.Connect();
        wire.Send(Http2Wire.Make(Http2Wire.Headers, Http2Wire.EndHeaders, 1, Http2Wire.Block([(":method", "POST"), .. Http2Wire.Get()[1..]])));
        wire.Send(Http2Wire.Make(Http2Wire.Data, 0, 1, "a"u8));
        wire.ReceiveUntil(_ => false);
    }));

    [KernelFact]
    public void A_call_of_gRPC_may_pause() => scene.Namespace.Run(() =>
    {
        using var wire = Http2Wire.Connect();
        wire.Send(Http2Wire.Make(Http2Wire.Headers, Http2Wire.EndHeaders, 1, Http2Wire.Block(
            [(":method", "POST"), .. Http2Wire.Get()[1..], ("content-type", "application/grpc+proto"), ("te", "trailers")])));
        wire.Send(Http2Wire.Make(Http2Wire.Data, 0, 1, "a"u8));
        Thread.Sleep(TimeSpan.FromSeconds(6)); // longer than any other may
        wire.Send(Http2Wire.Make(Http2Wire.Data, Http2Wire.EndStream, 1, "b"u8));
        Assert.Equal("200", wire.Outcome(1));
    });

    private void AwaitHit(string limit, long before) => Eventually.Holds(() => scene.Hits(limit) > before, "the proxy goes on waiting");

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

    private void AssertCounts(string limit, Action attack) => AssertCounts(limit, _ => attack());

    /// <summary>The attack learns how many there were before it began.</summary>
    private void AssertCounts(string limit, Action<long> attack)
    {
        var before = scene.Hits(limit);
        attack(before);
        scene.AssertServesOthers();
        scene.AssertCounted(limit, before);
        scene.AssertLogsNoException();
    }
}
