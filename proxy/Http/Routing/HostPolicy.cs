using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// Chooses routes by the host, in place of ASP.NET Core's <see cref="HostMatcherPolicy"/>, which gives a host below two
/// wildcards to either of them, never tries the wildcard where a route for the name itself asks for a header that is
/// not there, and compares with one host after the other.
/// </summary>
internal sealed class HostPolicy : MatcherPolicy, IEndpointComparerPolicy, INodeBuilderPolicy
{
    // As that of ASP.NET Core: behind methods (-1000).
    public override int Order => -100;

    public IComparer<Endpoint> Comparer { get; } = new HostMatcherPolicy().Comparer;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => HostPatterns.Of(endpoint).Length > 0);

    /// <summary>
    /// An edge for each host that any route names and each port, with all routes that take it: a request goes along the
    /// most specific one. Which of them is chosen is for <see cref="LastResortPolicy"/>: ASP.NET Core sorts them once more.
    /// </summary>
    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints)
    {
        var byName = endpoints
            .SelectMany((endpoint, index) => HostPatterns.Of(endpoint).DefaultIfEmpty(HostPattern.Parse("*")).Select(pattern => (pattern, index)))
            .ToLookup(entry => (entry.pattern.Name, entry.pattern.IsWildcard));
        int?[] ports = [null, .. byName.SelectMany(group => group).Select(entry => entry.pattern.Port).OfType<int>().Distinct()];
        var names = byName.Select(group => group.Key).Append(("", false)).Distinct();
        return
        [
            .. from name in names
               from port in ports
               let host = new HostPattern(name.Item1, name.Item2, port)
               let taking = NamesAround(host).SelectMany(around => byName[around]).Where(entry => entry.pattern.Covers(host)).Select(entry => entry.index)
               let list = taking.Distinct().Order().Select(index => endpoints[index]).ToArray()
               where list.Length > 0
               select new PolicyNodeEdge(host, list),
        ];
    }

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges) => new HostTable(exitDestination, edges);

    /// <summary>The names and wildcards that hold a host, the most specific one first.</summary>
    private static IEnumerable<(string, bool)> NamesAround(HostPattern host)
    {
        if (host.Name.Length > 0)
            yield return (host.Name, host.IsWildcard);
        for (var dot = host.Name.IndexOf('.', host.IsWildcard ? 1 : 0); dot >= 0; dot = host.Name.IndexOf('.', dot + 1))
            yield return (host.Name[dot..], true);
        yield return ("", false);
    }

    /// <summary>Finds the edge of a request, by a hash for each label of its host.</summary>
    private sealed class HostTable : PolicyJumpTable
    {
        private readonly int _exit;
        private readonly HashSet<int> _ports;
        private readonly Dictionary<HostPattern, int> _destinations;

        public HostTable(int exit, IReadOnlyList<PolicyJumpTableEdge> edges)
        {
            _exit = exit;
            _destinations = edges.ToDictionary(edge => (HostPattern)edge.State, edge => edge.Destination);
            _ports = [.. _destinations.Keys.Select(key => key.Port).OfType<int>()];
        }

        public override int GetDestination(HttpContext httpContext)
        {
            var host = HostPatterns.Of(httpContext.Request);
            int? port = host.Port is { } number && _ports.Contains(number) ? number : null;
            if (_destinations.TryGetValue(host with { Port = port }, out var destination))
                return destination;
            // No wildcard stands for an empty label.
            var mayBeBelow = !host.Name.StartsWith('.') && !host.Name.Contains("..", StringComparison.Ordinal);
            for (var dot = mayBeBelow ? host.Name.IndexOf('.', StringComparison.Ordinal) : -1; dot >= 0; dot = host.Name.IndexOf('.', dot + 1))
            {
                if (_destinations.TryGetValue(new HostPattern(host.Name[dot..], true, port), out destination))
                    return destination;
            }
            return _destinations.GetValueOrDefault(new HostPattern("", false, port), _exit);
        }
    }
}
