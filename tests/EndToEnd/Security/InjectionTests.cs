namespace Everyport.EndToEnd.Tests.Security;

/// <summary>Requests of HTTP/2 that would be something else, or more, when written in HTTP/1.</summary>
public sealed class InjectionTests(SecurityScene scene) : IClassFixture<SecurityScene>
{
    private const string Injected = "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    /// <summary>Names, paths and the like that a request must not have.</summary>
    public static TheoryData<string, string> Bad => new()
    {
        { ":path", "/ HTTP/1.1\r\nHost: a" + Injected },
        { ":path", "/ HTTP/1.1" },
        { ":path", "/a\tb" },
        { ":path", "/?a b" },
        { ":path", "/?a\r\nX: y" },
        { ":path", "/\0" },
        { ":path", "" },
        { ":path", "a" },
        { ":path", "http://b/" },
        { ":method", "GET / HTTP/1.1\r\nX: y\r\nA" },
        { ":method", "GE T" },
        { ":method", "" },
        { ":authority", "a\r\nX: y" },
        { ":authority", "a b" },
        { ":authority", "a/b" },
        { ":scheme", "http://b/?" },
        { ":scheme", "ftp" },
        { ":unknown", "x" },
        { "transfer-encoding", "chunked" },
        { "connection", "close" },
        { "keep-alive", "timeout=1" },
        { "proxy-connection", "keep-alive" },
        { "upgrade", "websocket" },
        { "te", "gzip" },
        { "content-length", "+1" },
        { "content-length", "1" },
        { "content-length", "0, 0" },
        { "X-Upper", "x" },
        { "x", "a\r\nY: z" },
        { "x", "a\nb" },
        { "x", "a\0b" },
        { "", "x" },
    };

    /// <summary>What is left out, because it has no name in HTTP/1.</summary>
    public static TheoryData<string, string> LeftOut => new()
    {
        { "x: y\r\nz", "odd-value" },
        { "x:y", "odd-value" },
        { "x y", "odd-value" },
        { "content-length:", "5" },
    };

    [KernelTheory]
    [MemberData(nameof(Bad))]
    public void It_is_refused(string name, string value) => scene.Namespace.Run(() =>
    {
        using var wire = Http2Wire.Connect();
        var headers = Http2Wire.Get().Where(header => header.Name != name).ToList();
        headers.Insert(name.StartsWith(':') ? 0 : headers.Count, (name, value));
        wire.Send(Http2Wire.Request(1, headers));
        Assert.Contains(wire.Outcome(1), new[] { "400", "reset", "goaway", "break" });
        AssertOriginSawNothing();
    });

    [KernelTheory]
    [MemberData(nameof(LeftOut))]
    public void It_is_refused_or_left_out(string name, string value) => scene.Namespace.Run(() =>
    {
        scene.Origin.Requests.Clear();
        using var wire = Http2Wire.Connect();
        wire.Send(Http2Wire.Request(1, [.. Http2Wire.Get("/odd"), (name, value)]));
        if (wire.Outcome(1) == "200")
        {
            Assert.True(scene.Origin.Requests.TryDequeue(out var request));
            Assert.Equal("/odd", request.Target);
            Assert.DoesNotContain(request.Headers, header => header.Value == value || header.Name is "x" or "z");
        }
        AssertOriginSawNothing();
    });

    [KernelFact]
    public void Two_of_a_kind_are_refused() => scene.Namespace.Run(() =>
    {
        foreach (var name in (string[])[":path", ":method", ":authority", ":scheme", "content-length"])
        {
            using var wire = Http2Wire.Connect();
            wire.Send(Http2Wire.Request(1, [(name, "0"), .. Http2Wire.Get(), .. name == "content-length" ? [(name, "0")] : Array.Empty<(string, string)>()]));
            Assert.NotEqual("200", wire.Outcome(1));
        }
        AssertOriginSawNothing();
    });

    [KernelFact]
    public void Of_an_authority_and_a_host_the_authority_counts() => scene.Namespace.Run(() =>
    {
        scene.Origin.Requests.Clear();
        using var wire = Http2Wire.Connect();
        wire.Send(Http2Wire.Request(1, [.. Http2Wire.Get("/two", "right"), ("host", "wrong")]));
        if (wire.Outcome(1) == "200")
        {
            Assert.True(scene.Origin.Requests.TryDequeue(out var request));
            Assert.DoesNotContain(request.Headers, header => header.Value.Contains("wrong", StringComparison.Ordinal));
        }
    });

    [KernelTheory]
    [InlineData("3", "abcd")]
    [InlineData("3", "ab")]
    [InlineData("0", "a")]
    public void A_length_that_lies_breaks_the_request_off(string length, string body) => scene.Namespace.Run(() =>
    {
        using var wire = Http2Wire.Connect();
        (string, string)[] headers = [(":method", "POST"), (":scheme", "http"), (":path", "/lie"), (":authority", "a"), ("content-length", length)];
        wire.Send([
            .. Http2Wire.Make(Http2Wire.Headers, Http2Wire.EndHeaders, 1, Http2Wire.Block(headers)),
            .. Http2Wire.Make(Http2Wire.Data, Http2Wire.EndStream, 1, System.Text.Encoding.ASCII.GetBytes(body))]);
        Assert.NotEqual("200", wire.Outcome(1));
        AssertOriginSawNothing();
    });

    /// <summary>Then an honest request, so that whatever else was on its way has arrived.</summary>
    private void AssertOriginSawNothing()
    {
        scene.AssertServesOthers();
        Assert.True(scene.Origin.Violations.IsEmpty, string.Join(", ", scene.Origin.Violations));
        var (requests, honest) = (scene.Origin.Requests.ToArray(), "/");
        scene.Origin.Requests.Clear();
        Assert.True(requests is [{ Method: "GET", Body: "" } only] && only.Target == honest, $"the origin saw {string.Join(", ", requests.AsEnumerable())}");
        scene.AssertLogsNoException();
    }
}
