using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// Chooses among routes of one order, with paths of one kind, of which all or none name their methods: the more specific host; then, as ASP.NET Core
/// does, headers and queries; and where it would answer with an error, the longest source prefix, then the name.
/// </summary>
internal sealed class LastResortPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    // Last of all: what another policy rules out must not win here.
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> endpoints) => endpoints.Count > 1;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var client = OriginalDestination.WithClient(httpContext).Client.Address;
        var host = HostPatterns.Of(httpContext.Request);
        var best = -1;
        ((int, bool) Host, int Score, int Source) bestPlace = default;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (!candidates.IsValidCandidate(i))
                continue;
            var endpoint = candidates[i].Endpoint;
            // They are in order: what comes after those that are alike loses anyway.
            if (best >= 0 && candidates[i].Score != candidates[best].Score && !AreAlike((RouteEndpoint)endpoint, (RouteEndpoint)candidates[best].Endpoint))
                break;
            var place = (HostPatterns.SpecificityOf(endpoint, host), -candidates[i].Score, endpoint.Metadata.GetMetadata<DestinationMatch>()?.LongestSource(client) ?? -1);
            var isBetter = best < 0 || place.CompareTo(bestPlace) > 0
                || place == bestPlace && ComesBefore(endpoint, candidates[best].Endpoint);
            if (isBetter)
            {
                if (best >= 0)
                    candidates.SetValidity(best, false);
                (best, bestPlace) = (i, place);
            }
            else
            {
                candidates.SetValidity(i, false);
            }
        }
        return Task.CompletedTask;
    }

    /// <summary>Whether nothing that goes before the host tells them apart.</summary>
    private static bool AreAlike(RouteEndpoint a, RouteEndpoint b) =>
        a.Order == b.Order && a.RoutePattern.InboundPrecedence == b.RoutePattern.InboundPrecedence
        && a.Metadata.GetMetadata<IHttpMethodMetadata>() is null == b.Metadata.GetMetadata<IHttpMethodMetadata>() is null;

    private static bool ComesBefore(Microsoft.AspNetCore.Http.Endpoint a, Microsoft.AspNetCore.Http.Endpoint b) =>
        string.CompareOrdinal(a.DisplayName, b.DisplayName) < 0;
}
