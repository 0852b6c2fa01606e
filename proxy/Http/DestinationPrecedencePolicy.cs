using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Everyport.Proxy.Http;

/// <summary>
/// Chooses among routes that ASP.NET Core's routing finds equal, by the precedence of streams: the longest address
/// prefix that holds the original destination, then the narrowest port range, then the longest
/// source prefix. Without it, a route for 8000-8999 and
/// one for 8080 would be ambiguous, and the request an error.
/// </summary>
internal sealed class DestinationPrecedencePolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    // Last of all: what another policy rules out must not win here.
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> endpoints) =>
        endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<DestinationMatch>() is not null) > 1;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var steered = OriginalDestination.WithClient(httpContext);
        for (var i = 0; i < candidates.Count; i++)
        {
            for (var j = 0; j < candidates.Count; j++)
            {
                if (candidates.IsValidCandidate(i) && candidates.IsValidCandidate(j) && candidates[i].Score == candidates[j].Score
                    && Specificity(candidates[j]).CompareTo(Specificity(candidates[i])) > 0)
                    candidates.SetValidity(i, false);
            }
        }
        return Task.CompletedTask;

        (int, int, int) Specificity(CandidateState candidate) =>
            (candidate.Endpoint.Metadata.GetMetadata<DestinationMatch>() ?? DestinationMatch.Any).SpecificityFor(steered);
    }
}
