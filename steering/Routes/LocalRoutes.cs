using Everyport.Steering.Netlink;
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

    private readonly RouteSocket _socket;
    private readonly RouteOwnership _ownership;
    private readonly SortedSet<Prefix> _added = [];

    public LocalRoutes(RouteSocket socket, RouteOwnership ownership) => (_socket, _ownership) = (socket, ownership);

    /// <summary>The prefixes whose routes this object has added.</summary>
    public IReadOnlyCollection<Prefix> Added => _added;

    /// <summary>Whether the routes stay when this object goes: the steering that needs them does.</summary>
    public bool StayBehind { get; set; }

    /// <summary>Removes what a crash has left behind.</summary>
    public void RemoveStale()
    {
        if (_ownership.IsOnly)
            RemoveAll();
    }

    /// <summary>Takes over the routes of a steering that outlives processes.</summary>
    public void Adopt() => _added.UnionWith(_socket.Routes().Where(route => route.Protocol == Protocol).Select(route => route.Prefix));

    /// <summary>
    /// The prefixes of a ruleset that should be local: those that it gives to a service. A prefix of length 0 is
    /// left out, as it means whatever is local; a route for it would capture all traffic of the machine.
    /// </summary>
    public static IEnumerable<Prefix> Wanted(Ruleset ruleset) =>
        ruleset.ByPrefix
            .Where(group => group.Prefix.Length > 0 && group.Rules.Any(rule => rule.Target.Kind == TargetKind.Service))
            .Select(group => group.Prefix);

    /// <summary>
    /// Adds what is not local yet. Returns what it left out because the route would have cut off a network that is
    /// attached to an interface.
    /// </summary>
    public IReadOnlyList<SkippedRoute> Add(IEnumerable<Prefix> wanted)
    {
        var subnets = _socket.Addresses().Where(address => !address.Loopback).Select(address => address.Subnet).ToHashSet();
        var skipped = new List<SkippedRoute>();
        var keep = wanted.ToHashSet();

        // In order, a prefix comes right before those inside it: one look back tells whether it is covered. Routes of
        // ours that are no longer wanted cover nothing, as they are about to go.
        var local = _socket.Routes().Select(route => route.Prefix).Where(prefix => keep.Contains(prefix) || !_added.Contains(prefix)).ToHashSet();
        Prefix? around = null;
        foreach (var prefix in local.Union(keep).Order())
        {
            if (around?.Contains(prefix) == true)
                continue;
            if (!local.Contains(prefix))
            {
                if (subnets.Where(subnet => prefix.Contains(subnet) && subnet.Length < subnet.Address.Width).Take(1).ToArray() is [var subnet])
                {
                    skipped.Add(new SkippedRoute(prefix, subnet));
                    continue;
                }
                if (_socket.Add(new LocalRoute(prefix, Protocol)))
                    _added.Add(prefix);
            }
            around = prefix;
        }
        return skipped;
    }

    /// <summary>Removes what this object has added and is no longer wanted.</summary>
    public void Keep(IEnumerable<Prefix> wanted)
    {
        if (_added.Count == 0)
            return;
        var unwanted = _added.ToHashSet();
        unwanted.ExceptWith(wanted);
        Remove(unwanted);
    }

    /// <summary>Removes all routes of our kind, by whomever they were added.</summary>
    private void RemoveAll()
    {
        foreach (var route in _socket.Routes().Where(route => route.Protocol == Protocol))
            _socket.Remove(route);
    }

    /// <summary>Leaves the routes to others that steer the namespace and may rely on them; the last one removes all.</summary>
    public void Dispose()
    {
        if (!StayBehind)
            RemoveStale();
    }

    private void Remove(IEnumerable<Prefix> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            _socket.Remove(new LocalRoute(prefix, Protocol));
            _added.Remove(prefix);
        }
    }
}
