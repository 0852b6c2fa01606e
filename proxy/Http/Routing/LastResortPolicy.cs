using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// Chooses among routes that ASP.NET Core's routing finds equal, where it would answer with an error: the longest source
/// prefix, then the name.
/// </summary>
internal sealed class LastResortPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    // Last of all: what another policy rules out must not win here.
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> endpoints) => endpoints.Count > 1;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var client = OriginalDestination.WithClient(httpContext).Client.Address;
        var (best, bestLength) = (-1, 0);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (!candidates.IsValidCandidate(i))
                continue;
            // They are in order: what comes after those with the first score loses anyway.
            if (best >= 0 && candidates[i].Score != candidates[best].Score)
                break;
            var length = candidates[i].Endpoint.Metadata.GetMetadata<DestinationMatch>()?.LongestSource(client) ?? -1;
            if (best < 0 || length > bestLength || length == bestLength && ComesBefore(candidates[i], candidates[best]))
            {
                if (best >= 0)
                    candidates.SetValidity(best, false);
                (best, bestLength) = (i, length);
            }
            else
            {
                candidates.SetValidity(i, false);
            }
        }
        return Task.CompletedTask;
    }

    private static bool ComesBefore(in CandidateState a, in CandidateState b) =>
        string.CompareOrdinal(a.Endpoint.DisplayName, b.Endpoint.DisplayName) < 0;
}
