using Everyport.Steering.Netlink;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Routes;

/// <summary>
/// Keeps the steered prefixes local: what the kernel does not deliver locally never reaches a socket lookup. Owns
/// the routes that it has added, and removes them when disposed of.
/// </summary>
internal sealed class LocalRoutes : IDisposable
{
    /// <summary>
    /// Marks our routes: <c>ip route show table local proto 197</c>, or 198 for a steering that outlives processes, so that those that
    /// do not leave them alone. See RTPROT_* in linux/rtnetlink.h.
    /// </summary>
    public const byte Protocol = 197, PinnedProtocol = 198;

    private readonly RouteSocket _socket;
    private readonly SocketDiagnostics _sockets;
    private readonly RouteOwnership? _ownership;
    private readonly byte _protocol;
    private readonly SortedSet<Prefix> _added = [];

    /// <summary>Without <paramref name="ownership"/>, the routes outlive this object: a pinned steering has them in its state.</summary>
    public LocalRoutes(RouteSocket socket, SocketDiagnostics sockets, RouteOwnership? ownership)
    {
        (_socket, _sockets, _ownership) = (socket, sockets, ownership);
        _protocol = ownership is null ? PinnedProtocol : Protocol;
    }

    /// <summary>The prefixes whose routes this object has added.</summary>
    public IReadOnlyCollection<Prefix> Added => _added;

    /// <summary>Removes what a crash has left behind.</summary>
    public void RemoveStale()
    {
        if (_ownership is { IsOnly: true })
            RemoveAll();
    }

    /// <summary>Takes over the routes of a steering that outlives processes.</summary>
    public void Assume(IEnumerable<Prefix> added)
    {
        _added.Clear();
        _added.UnionWith(added);
    }

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
        // ours that are no longer wanted cover nothing, as they are about to go; those of our other kind, as they go when theirs does.
        var routes = _socket.Routes().Where(route => route.Protocol == _protocol || route.Protocol is not (Protocol or PinnedProtocol)).ToArray();
        // Left by a change that was broken off before it could say so, or by a steering that has ended and could not wait for its connections.
        if (_ownership is null)
            _added.UnionWith(routes.Where(route => route.Protocol == _protocol).Select(route => route.Prefix));
        var local = routes.Select(route => route.Prefix).Where(prefix => keep.Contains(prefix) || !_added.Contains(prefix)).ToHashSet();
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
                if (_socket.Add(new LocalRoute(prefix, _protocol) { Metric = _ownership is null ? PinnedProtocol : (byte)0 }))
                    _added.Add(prefix);
            }
            around = prefix;
        }
        return skipped;
    }

    /// <summary>Removes what this object has added and is no longer wanted.</summary>
    public void Keep(IEnumerable<Prefix> wanted) => Remove(Unwanted(wanted));

    /// <summary>
    /// The same, but leaves what connections and flows still use: their packets come in by it. It goes with a later call.
    /// </summary>
    public void KeepUsed(IEnumerable<Prefix> wanted)
    {
        var unwanted = Unwanted(wanted);
        if (unwanted.Count > 0)
        {
            foreach (var address in _sockets.BoundAddresses())
                unwanted.ExceptWith(Enumerable.Range(1, address.Width).Select(length => new Prefix(address, length)));
        }
        Remove(unwanted);
    }

    /// <summary>Leaves the routes to others that steer the namespace and may rely on them; the last one removes all.</summary>
    public void Dispose() => RemoveStale();

    private HashSet<Prefix> Unwanted(IEnumerable<Prefix> wanted)
    {
        var unwanted = _added.ToHashSet();
        if (unwanted.Count > 0)
            unwanted.ExceptWith(wanted);
        return unwanted;
    }

    /// <summary>Removes all routes of our kind, by whomever they were added.</summary>
    private void RemoveAll()
    {
        foreach (var route in _socket.Routes().Where(route => route.Protocol == _protocol))
            _socket.Remove(route);
    }

    private void Remove(IEnumerable<Prefix> prefixes)
    {
        // Others of our kind may rely on what we have added; what is left goes when they are gone.
        if (_ownership is { IsOnly: false })
            return;
        foreach (var prefix in prefixes)
        {
            _socket.Remove(new LocalRoute(prefix, _protocol));
            _added.Remove(prefix);
        }
    }
}
