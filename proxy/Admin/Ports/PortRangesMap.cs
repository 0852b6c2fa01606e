using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Configuration;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Admin.Ports;

/// <summary>
/// Cuts all ports into ranges that the same rules and routes name. Goes over the borders once, from the first port to the last, with what
/// is named there in a set: ten thousand routes of a port each cost what they are, and not their square.
/// </summary>
internal static class PortRangesMap
{
    /// <summary>What is told of each kind for a range.</summary>
    public const int MostNames = 8;

    public static IReadOnlyList<PortRangeStatus> Of(Ruleset ruleset, ProxyConfiguration configuration)
    {
        PortRule[] rules = [.. ruleset.Rules.Select(rule => new PortRule(rule.Name, SteeringState.NameOf(rule.Protocols), rule.Target.ToString()))];
        var http = configuration.Http;
        (PortRoute Route, PortRanges Ports)[] routes =
        [
            .. configuration.Streams.Select(stream => (new PortRoute(stream.Name, SteeringState.NameOf(stream.Protocol), stream.ClusterId), stream.Match.Ports)),
            .. http.Routes.Select(route => (new PortRoute(route.RouteId, "http", route.ClusterId ?? ""), http.Matches[route.RouteId].Ports)),
        ];
        var events = new List<Event>();
        for (var i = 0; i < ruleset.Rules.Length; i++)
            AddEvents(events, ruleset.Rules[i].Ports, isRule: true, i);
        for (var i = 0; i < routes.Length; i++)
            AddEvents(events, routes[i].Ports, isRule: false, i);
        return Sweep(events, rules, [.. routes.Select(route => route.Route)]);
    }

    private static List<PortRangeStatus> Sweep(List<Event> events, PortRule[] rules, PortRoute[] routes)
    {
        var (activeRules, activeRoutes) = (new SortedSet<Named>(), new SortedSet<Named>());
        var ranges = new List<PortRangeStatus>();
        var first = 0;
        foreach (var border in events.GroupBy(change => change.Port).OrderBy(border => border.Key))
        {
            AddRange(border.Key - 1);
            foreach (var change in border)
            {
                var active = change.IsRule ? activeRules : activeRoutes;
                _ = change.Begins ? active.Add(change.Named) : active.Remove(change.Named);
            }
        }
        AddRange(ushort.MaxValue);
        return ranges;

        void AddRange(int last)
        {
            if (last < first)
                return;
            ranges.Add(new PortRangeStatus(
                first, last,
                [.. activeRules.Take(MostNames).Select(named => rules[named.Index])],
                [.. activeRoutes.Take(MostNames).Select(named => routes[named.Index])],
                Math.Max(0, activeRules.Count - MostNames),
                Math.Max(0, activeRoutes.Count - MostNames)));
            first = last + 1;
        }
    }

    private static void AddEvents(List<Event> events, PortRanges ports, bool isRule, int index)
    {
        foreach (var range in ports)
        {
            var named = new Named(range.Count, index, range.First);
            events.Add(new Event(range.First, isRule, Begins: true, named));
            if (range.Last < ushort.MaxValue)
                events.Add(new Event(range.Last + 1, isRule, Begins: false, named));
        }
    }

    /// <summary>A port range of a rule or route; the narrower goes first, as it does where it decides.</summary>
    private readonly record struct Named(int Width, int Index, int First) : IComparable<Named>
    {
        public int CompareTo(Named other) => (Width, Index, First).CompareTo((other.Width, other.Index, other.First));
    }

    private readonly record struct Event(int Port, bool IsRule, bool Begins, Named Named);
}
