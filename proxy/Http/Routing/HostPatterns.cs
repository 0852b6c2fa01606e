using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Http.Routing;

/// <summary>The hosts that an endpoint asks for.</summary>
internal static class HostPatterns
{
    private static readonly ConditionalWeakTable<IHostMetadata, HostPattern[]> Parsed = [];

    /// <summary>Empty where it takes every host.</summary>
    public static HostPattern[] Of(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IHostMetadata>() is { Hosts.Count: > 0 } metadata
        ? Parsed.GetValue(metadata, static metadata => [.. metadata.Hosts.Select(HostPattern.Parse)])
        : [];

    /// <summary>How specific an endpoint is for a host, by the pattern that is most so.</summary>
    public static (int Name, bool HasPort) SpecificityOf(Endpoint endpoint, in HostPattern host)
    {
        var best = (-1, false);
        foreach (var pattern in Of(endpoint))
        {
            if (pattern.Covers(host) && pattern.Specificity.CompareTo(best) > 0)
                best = pattern.Specificity;
        }
        return best;
    }

    /// <summary>The host of a request, as the pattern for it alone.</summary>
    public static HostPattern Of(HttpRequest request) => new(request.Host.Host.ToLowerInvariant(), false, request.Host.Port ?? (request.IsHttps ? 443 : 80));
}
