using System.Globalization;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>
/// Requests of HTTP/1 that two parties could read in two ways. Each comes after an honest one, and is followed by one that only a party
/// which reads it wrongly would take for a request of its own.
/// </summary>
public sealed class SmugglingTests(SecurityScene scene) : IClassFixture<SecurityScene>
{
    /// <summary>Tells the proxy what kind of connection it is.</summary>
    private const string First = "GET /first HTTP/1.1\r\nHost: a\r\n\r\n";

    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    /// <summary>Refused, with the connection closed, so that nothing after it is read.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "Content-Length beside Transfer-Encoding", Post("Content-Length: 4\r\nTransfer-Encoding: chunked", "0\r\n\r\n") },
        { "Transfer-Encoding beside Content-Length", Post("Transfer-Encoding: chunked\r\nContent-Length: 4", "0\r\n\r\n") },
        { "Content-Length of zero beside Transfer-Encoding", Post("Content-Length: 0\r\nTransfer-Encoding: chunked", "0\r\n\r\n") },
        { "two equal lengths", Post("Content-Length: 3\r\nContent-Length: 3", "abc") },
        { "two different lengths", Post("Content-Length: 3\r\nContent-Length: 0", "abc") },
        { "a list of lengths", Post("Content-Length: 3, 3", "abc") },
        { "a negative length", Post("Content-Length: -3", "abc") },
        { "a hexadecimal length", Post("Content-Length: 0x3", "abc") },
        { "an empty length", Post("Content-Length:", "") },
        { "a length with an underscore", Post("Content-Length: 1_0", "abcdefghij") },
        { "a length beyond all numbers", Post("Content-Length: 99999999999999999999", "abc") },
        { "a coding that is not known", Post("Transfer-Encoding: xchunked", "0\r\n\r\n") },
        { "a coding before the last", Post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n") },
        { "chunked twice in a list", Post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n") },
        { "chunked twice in two headers", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n") },
        { "chunked before another coding", Post("Transfer-Encoding: chunked, identity", "0\r\n\r\n") },
        { "identity", Post("Transfer-Encoding: identity", "abc") },
        { "chunked in quotes", Post("Transfer-Encoding: \"chunked\"", "0\r\n\r\n") },
        { "chunked with a parameter", Post("Transfer-Encoding: chunked;a=b", "0\r\n\r\n") },
        { "a vertical tab before chunked", Post("Transfer-Encoding: \vchunked", "0\r\n\r\n") },
        { "an empty coding", Post("Transfer-Encoding:", "0\r\n\r\n") },
        { "a space before the colon", Post("Transfer-Encoding : chunked", "0\r\n\r\n") },
        { "a tab before the colon", Post("Content-Length\t: 3", "abc") },
        { "a folded header", Post("X: a\r\n Transfer-Encoding: chunked", "") },
        { "a folded coding", Post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n") },
        { "a header that begins with a space", "GET / HTTP/1.1\r\n Host: a\r\n\r\n" },
        { "a bare LF at the end of a header", "GET / HTTP/1.1\nHost: a\n\n" },
        { "a bare LF inside the headers", Post("X: a\nContent-Length: 3", "abc") },
        { "a bare CR inside the headers", Post("X: a\rContent-Length: 3", "abc") },
        { "a bare CR at the end of the headers", "GET / HTTP/1.1\r\nHost: a\r\n\rX: y\r\n\r\n" },
        { "a NUL in a value", Post("X: a\0b", "") },
        { "a NUL in a name", Post("X\0: b", "") },
        { "a NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "a control character in the target", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "a tab in the target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "a delete character in the query", "GET /?\x7f HTTP/1.1\r\nHost: a\r\n\r\n" },
        { "a header without a colon", Post("X", "") },
        { "a header without a name", Post(": x", "") },
        { "HTTP/0.9", "GET /\r\n" },
        { "a version of the future", "GET / HTTP/1.2\r\nHost: a\r\n\r\n" },
        { "a version with a sign", "GET / HTTP/+1.1\r\nHost: a\r\n\r\n" },
        { "Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "no Host", "GET / HTTP/1.1\r\n\r\n" },
        { "two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" },
        { "two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n" },
        { "an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n" },
        { "a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n" },
        { "a Host with user information", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n" },
        { "a body with an upgrade", Post("Connection: upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked, chunked", "0\r\n\r\n") },
        { "a method that is no token", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n" },
    };

    /// <summary>Found out in the body, when the request is on its way already: the request is broken off.</summary>
    public static TheoryData<string, string> BrokenOff => new()
    {
        { "a chunk size that is no number", "zz\r\n" },
        { "a negative chunk size", "-1\r\nabc\r\n0\r\n\r\n" },
        { "a chunk size with a sign", "+3\r\nabc\r\n0\r\n\r\n" },
        { "a chunk size in C", "0x3\r\nabc\r\n0\r\n\r\n" },
        { "a chunk size beyond all numbers", "ffffffffffffffff3\r\nabc\r\n0\r\n\r\n" },
        { "a chunk size that ends with LF", "3\nabc\r\n0\r\n\r\n" },
        { "a chunk that ends with LF", "3\r\nabc\n0\r\n\r\n" },
        { "a chunk that is longer than its size", "3\r\nabcd\r\n0\r\n\r\n" },
        { "a chunk extension that ends with LF", "3;a\nabc\r\n0\r\n\r\n" },
        { "a chunk extension with CR", "3;a\rb\r\nabc\r\n0\r\n\r\n" },
        { "a quoted chunk extension with LF", "3;a=\"\n\"\r\nabc\r\n0\r\n\r\n" },
    };

    /// <summary>What is odd but can be read in one way only: the origin gets exactly one request, in the plainest form.</summary>
    public static TheoryData<string, string, string> Forwarded => new()
    {
        { "a sign before the length", Post("Content-Length: +3", "abc"), "abc" },
        { "zeros before the length", Post("Content-Length: 0003", "abc"), "abc" },
        { "a capital coding", Post("Transfer-Encoding: CHUNKED", "3\r\nabc\r\n0\r\n\r\n"), "abc" },
        { "zeros before a chunk size", Post("Transfer-Encoding: chunked", "0003\r\nabc\r\n000\r\n\r\n"), "abc" },
        { "a chunk extension", Post("Transfer-Encoding: chunked", "3;a=\"0\"\r\nabc\r\n0;b\r\n\r\n"), "abc" },
        { "a trailer that forges a length", Post("Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\nContent-Length: 50\r\nHost: b\r\n\r\n"), "abc" },
        { "a header whose name is no token", Post("Content-Length: 3\r\nContent-Length(: 5\r\nX[y]: z", "abc"), "abc" },
        { "an underscore in a name", Post("Content-Length: 3\r\nContent_Length: 5", "abc"), "abc" },
        { "a length named as one of the connection's headers", Post("Connection: Content-Length\r\nContent-Length: 3", "abc"), "abc" },
        { "empty lines before the request", "\r\n\r\n" + Post("Content-Length: 3", "abc"), "abc" },
        { "ends of lines before the request", "\n\r\r\n" + Post("Content-Length: 3", "abc"), "abc" },
        { "two spaces before the version", "GET /two  HTTP/1.1\r\nHost: a\r\n\r\n", "" },
        { "a Host that is not that of the target", "GET http://a/target HTTP/1.1\r\nHost: b\r\n\r\n", "" },
        { "a body of GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "abc" },
        { "a body of HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc", "abc" },
        { "an upgrade to HTTP/2", "POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade, http2-settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 3\r\n\r\nabc", "abc" },
    };

    [KernelTheory]
    [MemberData(nameof(Refused))]
    public void It_is_refused_and_nothing_after_it_is_read(string what, string request)
    {
        scene.Origin.Requests.Clear();
        var before = scene.Hits("Syntax");
        var answer = Answers(scene.Exchange(First + request + Smuggled));
        Assert.True(answer is [_, var error] && IsError(error), $"{what} was answered with '{string.Join('|', answer)}'");
        AssertOriginSaw(what);
        scene.AssertCounted("Syntax", before);
    }

    [KernelTheory]
    [MemberData(nameof(BrokenOff))]
    public void It_is_broken_off_and_nothing_after_it_is_read(string what, string body)
    {
        scene.Origin.Requests.Clear();
        var answer = Answers(scene.Exchange(First + Post("Transfer-Encoding: chunked", body) + Smuggled));
        Assert.True(answer is [_] || (answer is [_, var error] && IsError(error)), $"{what} was answered with '{string.Join('|', answer)}'");
        AssertOriginSaw(what);
    }

    [KernelTheory]
    [MemberData(nameof(Forwarded))]
    public void It_is_forwarded_as_one_request_in_the_plainest_form(string what, string request, string body)
    {
        scene.Origin.Requests.Clear();
        const string Last = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        var answer = Answers(scene.Exchange(First + request + Last));
        Assert.True(answer.Length == 3 && answer.All(one => one.StartsWith("200 ", StringComparison.Ordinal)), $"{what} was answered with '{string.Join('|', answer)}'");
        var requests = scene.Origin.Requests.ToArray();
        Assert.Equal(["/last"], requests[2..].Select(seen => seen.Target));
        Assert.Equal(body, requests[1].Body);
        Assert.Equal("127.0.0.1:7000", requests[1].Header("Host"));
        Assert.Empty(scene.Origin.Violations);
    }

    private static string Post(string headers, string body) => $"POST / HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n{body}";

    private static bool IsError(string answer) => int.Parse(answer.AsSpan(0, 3), CultureInfo.InvariantCulture) is >= 400 and <= 505;

    /// <summary>Each beginning with its status.</summary>
    private static string[] Answers(string text) => text.Split("HTTP/1.1 ")[1..];

    /// <summary>Then an honest request, so that whatever else was on its way has arrived.</summary>
    private void AssertOriginSaw(string what)
    {
        scene.AssertServesOthers();
        Assert.True(scene.Origin.Violations.IsEmpty, $"{what}: {string.Join(", ", scene.Origin.Violations)}");
        Assert.DoesNotContain(scene.Origin.Requests, request => request.Target == "/smuggled" || request.Method == "POST");
        scene.Origin.Requests.Clear();
        scene.AssertLogsNoException();
    }
}
