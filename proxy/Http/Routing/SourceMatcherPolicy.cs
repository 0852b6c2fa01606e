using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Everyport.Proxy.Http.Routing;

/// <summary>Lets a route with <c>Match:Sources</c> take only requests of those clients.</summary>
internal sealed class SourceMatcherPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    // Behind methods (-1000) and hosts (-100), before YARP's headers (-50): the client is known before them.
    public override int Order => -75;

    public bool AppliesToEndpoints(IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> endpoints) => endpoints.Any(HasSources);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var client = OriginalDestination.WithClient(httpContext).Client.Address;
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && candidates[i].Endpoint.Metadata.GetMetadata<DestinationMatch>() is { } match)
                candidates.SetValidity(i, match.MatchesSource(client));
        }
        return Task.CompletedTask;
    }

    public static bool HasSources(Microsoft.AspNetCore.Http.Endpoint endpoint) => endpoint.Metadata.GetMetadata<DestinationMatch>() is { Sources.Count: > 0 };
}
