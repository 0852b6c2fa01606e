using System.Globalization;
using System.Text;

namespace Everyport.Steering.Cli.Scraping;

/// <summary>The little of HTTP/1.1 that a scrape needs: one request, one answer, and the end of the connection (RFC 9112).</summary>
internal static class HttpAnswer
{
    private const string Metrics = "/metrics";

    /// <summary>The answer to a request, of which the first line matters.</summary>
    public static byte[] To(string firstLine, Func<(int Status, string Body)> scrape) => firstLine.Split(' ') switch
    {
        [var method, var target, var version] when version.StartsWith("HTTP/1.", StringComparison.Ordinal) => method switch
        {
            not ("GET" or "HEAD") => Write(405, "Only GET is answered here.\n", isHead: false, "Allow: GET, HEAD\r\n"),
            _ when target.Split('?')[0] != Metrics => Write(404, $"Metrics are at {Metrics}.\n", method == "HEAD"),
            _ => Answer(scrape(), method == "HEAD"),
        },
        _ => Write(400, "This is not HTTP/1.1.\n", isHead: false),
    };

    private static byte[] Answer((int Status, string Body) scraped, bool isHead) => Write(scraped.Status, scraped.Body, isHead);

    private static byte[] Write(int status, string body, bool isHead, string further = "")
    {
        var type = status == 200 ? "text/plain; version=0.0.4; charset=utf-8" : "text/plain; charset=utf-8";
        var length = Encoding.UTF8.GetByteCount(body);
        var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {Reason(status)}\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n{further}Connection: close\r\n\r\n");
        return Encoding.UTF8.GetBytes(isHead ? head : head + body);
    }

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "Internal Server Error",
    };
}
