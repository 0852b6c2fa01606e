using Everyport.Steering.Rules;
using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Http.Forwarding;

/// <summary>
/// Takes from a request what its client must not tell the origin: who the client is, unless it is a trusted proxy, and
/// headers that it has declared to be for this connection only (RFC 9110 7.6.1). Comes before routing, which may go by headers.
/// </summary>
internal sealed class ClientHeaders(IReadOnlyList<Prefix> trustedProxies)
{
    public void Clean(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.Connection.Count > 0)
            HopByHop.RemoveNamed(headers, headers.Connection);

        List<string>? forged = null;
        foreach (var (name, _) in headers)
        {
            if (ForwardedHeaderNames.Contains(name))
                (forged ??= []).Add(name);
        }
        if (forged is null || IsTrusted(OriginalDestination.WithClient(context).Client.Address))
            return;
        foreach (var name in forged)
            headers.Remove(name);
    }

    private bool IsTrusted(Address client)
    {
        foreach (var prefix in trustedProxies)
        {
            if (prefix.Contains(client))
                return true;
        }
        return false;
    }
}
