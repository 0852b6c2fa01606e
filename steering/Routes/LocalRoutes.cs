using Everyport.Steering.Rules;

namespace Everyport.Steering.Routes;

/// <summary>
/// Keeps the steered prefixes local: what the kernel does not deliver locally never reaches a socket lookup. Owns
/// the routes that it has added, and removes them when disposed of.
/// </summary>
internal sealed class LocalRoutes : IDisposable
{
    /// <summary>Marks our routes: <c>ip route show table local proto 197</c>. See RTPROT_* in linux/rtnetlink.h.</summary>
    public const byte Protocol = 197;

    private readonly RouteSocket _socket = new();
    private readonly List<Prefix> _added = [];

    /// <summary>The prefixes whose routes this object has added.</summary>
    public IReadOnlyList<Prefix> Added => _added;

    /// <summary>
    /// The prefixes of a ruleset that should be local: those that it gives to a service. A prefix of length 0 is
    /// left out, as it means whatever is local; a route for it would capture all traffic of the machine.
    /// </summary>
    public static IEnumerable<Prefix> Wanted(Ruleset ruleset) =>
        ruleset.ByPrefix
            .Where(group => group.Prefix.Length > 0 && group.Rules.Any(rule => rule.Target.Kind == TargetKind.Service))
            .Select(group => group.Prefix);

    /// <summary>Adds what is not local yet, and removes what this object added and is no longer wanted.</summary>
    public void Update(IEnumerable<Prefix> wanted)
    {
        var keep = wanted.ToHashSet();
        Remove([.. _added.Where(prefix => !keep.Contains(prefix))]);

        var local = _socket.List().Select(route => route.Prefix).ToList();
        foreach (var prefix in keep.Order())
        {
            if (local.Any(range => range.Contains(prefix)))
                continue;
            if (_socket.Add(new RouteSocket.LocalRoute(prefix, Protocol)))
                _added.Add(prefix);
            local.Add(prefix);
        }
    }

    /// <summary>Removes routes that a process left behind which ended without doing so.</summary>
    public void RemoveStale()
    {
        foreach (var route in _socket.List().Where(route => route.Protocol == Protocol))
            _socket.Remove(route);
    }

    public void Dispose()
    {
        Remove([.. _added]);
        _socket.Dispose();
    }

    private void Remove(IEnumerable<Prefix> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            _socket.Remove(new RouteSocket.LocalRoute(prefix, Protocol));
            _added.Remove(prefix);
        }
    }
}
