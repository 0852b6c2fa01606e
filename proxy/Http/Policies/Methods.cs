using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Http.Policies;

/// <summary>What methods mean.</summary>
internal static class Methods
{
    /// <summary>Sent twice, such a request does what it does once (RFC 9110 9.2.2).</summary>
    public static bool AreIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method)
        || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method);
}
