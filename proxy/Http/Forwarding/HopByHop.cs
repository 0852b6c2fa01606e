using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Everyport.Proxy.Http.Forwarding;

/// <summary>
/// The headers that a message's <c>Connection</c> names: they are for the next hop only (RFC 9110 7.6.1). YARP leaves out
/// those that are always so.
/// </summary>
internal static class HopByHop
{
    /// <summary>What is read for framing and upgrades whatever anybody declares, or is no header.</summary>
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "close", "keep-alive", "upgrade", "connection", "te", "host", "content-length", "transfer-encoding",
    };

    public static void RemoveNamed(IHeaderDictionary headers, StringValues connection)
    {
        foreach (var line in connection)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var name = line.AsSpan(range).Trim();
                if (name.Length > 0 && !Kept.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name))
                    headers.Remove(name.ToString());
            }
        }
    }
}
