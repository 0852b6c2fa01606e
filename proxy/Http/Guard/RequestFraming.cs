using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Everyport.Proxy.Http.Guard;

/// <summary>
/// Finds requests of which the proxy and an origin, or another proxy before this one, may see different ends or different
/// beginnings. Kestrel refuses most of them by itself; these it takes, and makes one reading of.
/// </summary>
internal static class RequestFraming
{
    private const string Chunked = "chunked", ProxyConnection = "Proxy-Connection";

    /// <summary>Where Kestrel keeps a Content-Length that it has ignored in favour of Transfer-Encoding.</summary>
    private const string IgnoredContentLength = "X-Content-Length";

    /// <param name="protocol">As Kestrel has it: <c>HTTP/1.1</c>.</param>
    /// <param name="target">The request target as the client wrote it.</param>
    /// <param name="headers">The headers, after Kestrel.</param>
    public static bool IsAmbiguous(string protocol, string target, IHeaderDictionary headers)
    {
        // A space or a control character would end the target for some, and CR LF the whole request line for all.
        if (target.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return true;

        // Whoever forwards it would have to make one up, beside or in place of the empty one (RFC 9110 4.2.1).
        if (headers.Host is [""])
            return true;

        if (HttpProtocol.IsHttp2(protocol))
            return HasConnectionHeaders(headers);

        var coding = headers.TransferEncoding;
        // Before HTTP/1.1 nobody had to understand it (RFC 9112 6.1).
        return coding.Count > 0 && (!HttpProtocol.IsHttp11(protocol) || !IsChunkedAlone(coding) || headers.ContainsKey(IgnoredContentLength));
    }

    /// <summary>What is left of another coding would be forwarded without its name.</summary>
    private static bool IsChunkedAlone(StringValues coding) => coding.Count == 1 && Chunked.Equals(coding[0], StringComparison.OrdinalIgnoreCase);

    /// <summary>They are about a connection of HTTP/1, and make a request of HTTP/2 malformed (RFC 9113 8.2.2).</summary>
    private static bool HasConnectionHeaders(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count > 0 || headers.Connection.Count > 0 || headers.Upgrade.Count > 0
        || headers.KeepAlive.Count > 0 || headers[ProxyConnection].Count > 0;
}
