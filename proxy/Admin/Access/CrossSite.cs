using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Admin.Access;

/// <summary>
/// Knows requests that a page of another site makes in somebody's browser: it cannot read the answer, but what is asked for would be
/// done. Programs send neither of the two headers.
/// </summary>
internal static class CrossSite
{
    public static bool IsChange(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method) && !IsOwn(request);

    private static bool IsOwn(HttpRequest request)
    {
        // What the browser says of itself (Fetch Metadata); a page cannot set it.
        if (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && !(site.Equals("same-origin") || site.Equals("none")))
            return false;
        return request.Headers.Origin is not { Count: > 0 } origin || origin.Equals($"{request.Scheme}://{request.Host}");
    }
}
