using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// Chooses among routes that ASP.NET Core's routing finds equal, where it would answer with an error: the more specific
/// host, then the longest source prefix, then the name.
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
        ((int, bool) Host, int Source) bestPlace = default;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (!candidates.IsValidCandidate(i))
                continue;
            // They are in order: what comes after those with the first score loses anyway.
            if (best >= 0 && candidates[i].Score != candidates[best].Score)
                break;
            var endpoint = candidates[i].Endpoint;
            var place = (HostPatterns.SpecificityOf(endpoint, host), endpoint.Metadata.GetMetadata<DestinationMatch>()?.LongestSource(client) ?? -1);
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

    private static bool ComesBefore(Microsoft.AspNetCore.Http.Endpoint a, Microsoft.AspNetCore.Http.Endpoint b) =>
        string.CompareOrdinal(a.DisplayName, b.DisplayName) < 0;
}
