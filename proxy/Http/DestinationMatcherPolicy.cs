using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Everyport.Proxy.Http;

/// <summary>
/// Lets ASP.NET Core's routing tell routes apart by their <see cref="DestinationMatch"/>: a route that asks for
/// addresses, ports or sources goes before one that does not, and only takes requests to them.
/// </summary>
internal sealed class DestinationMatcherPolicy : MatcherPolicy, IEndpointComparerPolicy, IEndpointSelectorPolicy
{
    // Behind methods (-1000) and hosts (-100), before YARP's headers (-50): the destination is known before them.
    public override int Order => -75;

    public IComparer<Microsoft.AspNetCore.Http.Endpoint> Comparer { get; } = EndpointMetadataComparer<DestinationMatch>.Default;

    public bool AppliesToEndpoints(IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<DestinationMatch>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var steered = OriginalDestination.WithClient(httpContext);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && candidates[i].Endpoint.Metadata.GetMetadata<DestinationMatch>() is { } match)
                candidates.SetValidity(i, match.Matches(steered));
        }
        return Task.CompletedTask;
    }
}
