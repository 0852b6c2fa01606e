using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Routing;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Explain;

/// <summary>Which HTTP route takes a request, and what it goes before.</summary>
internal sealed class RequestSteps(HttpConfiguration http, RequestProbe probe, CertificateDirectory certificates)
{
    private const int MostNamed = 3, MostCases = 20;

    public Explanation Explain(Steered steered, Question question, ServedCertificate? certificate, Way way)
    {
        var candidates = http.RouteMatches.Where(route => route.Match.Matches(steered)).ToArray();
        if (!question.IsRequest && candidates.Any(route => route.Conditions.Length > 0))
        {
            way.Add("The request decides.");
            return way.End(ExplainedOutcome.RequestDecides) with { Cases = [.. Cases(candidates, steered)] };
        }

        var (route, refusal) = probe.Ask(steered, question, certificate, certificates);
        if (route is null)
        {
            var reason = refusal ?? HttpErrorReason.NoRoute;
            way.Add(reason switch
            {
                HttpErrorReason.NoRoute => "No HTTP route takes the request.",
                HttpErrorReason.MethodNotAllowed => "HTTP routes for it take other methods only.",
                HttpErrorReason.AmbiguousPath => "Its path can be read in several ways, of which one belongs to another route.",
                HttpErrorReason.Misdirected => "Its host belongs to another certificate than its connection has.",
                _ => "Its target is none that can be forwarded.",
            });
            return way.End(ExplainedOutcome.HttpError) with { Status = HttpErrorAnswers.Of(reason).Status };
        }

        var winner = candidates.First(candidate => candidate.Name.Equals(route, StringComparison.OrdinalIgnoreCase));
        var others = probe.Matching(steered, question, certificate is not null, candidates.Select(candidate => candidate.Name).Where(name => name != winner.Name).Take(MostCases).ToHashSet());
        way.Add($"The HTTP route '{route}' takes the request{Asked(winner)}.{string.Concat(others.Take(MostNamed).Select(other => $" It goes before the HTTP route '{other}', as {Reason(winner, candidates.First(candidate => candidate.Name == other), steered)}."))}");
        return Finish(route, steered, way);
    }

    private Explanation Finish(string route, Steered steered, Way way)
    {
        var cluster = http.Routes.First(candidate => candidate.RouteId == route).ClusterId!;
        var config = http.Clusters.FirstOrDefault(candidate => candidate.ClusterId.Equals(cluster, StringComparison.OrdinalIgnoreCase));
        ExplainedDestination[] destinations = [.. (config?.Destinations ?? new Dictionary<string, DestinationConfig>())
            .Select(destination => new ExplainedDestination(destination.Key, DestinationTemplate.Expand(destination.Value.Address, steered.Original)))];
        return way.End(ExplainedOutcome.Http, route, cluster, destinations);
    }

    /// <summary>The routes in the order in which they are asked, as far as the destination decides.</summary>
    private IEnumerable<ExplainedCase> Cases(IEnumerable<HttpRouteMatch> candidates, Steered steered) => candidates
        .OrderBy(route => BestEntry(route, steered), RoutePrecedence.Instance)
        .Take(MostCases)
        .Select(route => new ExplainedCase($"a request{Asked(route)}", ExplainedOutcome.Http, route.Name, http.Routes.First(config => config.RouteId == route.Name).ClusterId, null));

    private static string Reason(HttpRouteMatch winner, HttpRouteMatch other, Steered steered)
    {
        var (first, second) = (BestEntry(winner, steered), BestEntry(other, steered));
        return first.Order != second.Order || first.Prefix?.Length != second.Prefix?.Length || first.Ports.Count != second.Ports.Count
            ? PrecedenceReason.Of(first, second)
            : "it asks for more of the request";
    }

    /// <summary>Of the places of a route that hold the destination, the one by which it is found first.</summary>
    private static RouteEntry BestEntry(HttpRouteMatch route, Steered steered) => RouteEntry.Of(route)
        .Where(entry => entry.Ports.Contains(steered.Original.Port) && entry.Prefix?.Contains(steered.Original.Address) != false && entry.MatchesSource(steered.Client.Address))
        .Order(RoutePrecedence.Instance)
        .First();

    private string Asked(HttpRouteMatch route)
    {
        var match = http.Routes.First(config => config.RouteId.Equals(route.Name, StringComparison.OrdinalIgnoreCase)).Match;
        string?[] parts =
        [
            match.Hosts is { Count: > 0 } hosts ? $"host {string.Join(" or ", hosts)}" : null,
            HttpConditions.AskForPath(match) ? $"path {match.Path}" : null,
            match.Methods is { Count: > 0 } methods ? $"method {string.Join(" or ", methods)}" : null,
            match.Headers is { Count: > 0 } headers ? $"header {string.Join(" and ", headers.Select(header => header.Name))}" : null,
            match.QueryParameters is { Count: > 0 } query ? $"query {string.Join(" and ", query.Select(parameter => parameter.Name))}" : null,
        ];
        var said = string.Join(", ", parts.OfType<string>());
        return said.Length == 0 ? "" : $" ({said})";
    }
}
