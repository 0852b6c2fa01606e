using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Everyport.Steering.Netlink;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Routes;

/// <summary>
/// Brings the answers of origins home that were dialled from the addresses of clients: they are addressed to the
/// client, and policy rules make this machine receive them. The rules and the routing table that they lead to belong
/// to this object and to its like in the namespace; the last one removes them, and the next start what a crash left.
/// Members may be called from any thread; only <see cref="Open"/> looks at the calling thread's namespace.
/// </summary>
public sealed class ReturnRoutes : IDisposable
{
    /// <summary>
    /// The ports from which clients' addresses dial; the rule for an origin elsewhere takes answers to no others. Below
    /// the ephemeral ports of the usual systems: a client whose own connection to the origin is routed through this
    /// machine keeps its answers.
    /// </summary>
    public static PortRange DiallingPorts => new(1024, 32767);

    /// <summary>
    /// The first priority of our rules: after what an operator numbers by hand, before the table <c>main</c> (32766).
    /// What is added to it is the number of <see cref="MarkedReplies"/> that have to be switched off with the rule.
    /// </summary>
    private const uint Priority = 19700;

    /// <summary>The number of our routing table, of the mark, and of the program that both are from.</summary>
    private const byte Table = 197, Mark = 197, Protocol = LocalRoutes.Protocol;

    /// <summary>The kernel goes through all rules for each route that it looks up.</summary>
    private const int MostRules = 500;

    private readonly Lock _gate = new();
    private readonly Stack<IDisposable> _owned = new();
    private readonly ConcurrentDictionary<(Address Origin, PortRange Ports), uint> _marks = new();
    private readonly RouteSocket _routes;
    private readonly PolicyRuleSocket _rules;
    private readonly MarkedReplies _markedReplies;
    private readonly RouteOwnership _ownership;
    private bool _disposed;

    private ReturnRoutes()
    {
        try
        {
            _routes = Own(new RouteSocket());
            _rules = Own(new PolicyRuleSocket(Protocol));
            _markedReplies = Own(new MarkedReplies());
            _ownership = Own(new RouteOwnership("return"));
            RemoveUnlessShared();
        }
        catch
        {
            DisposeOwned();
            throw;
        }
    }

    /// <summary>Prepares return routes, and removes those that a crash left behind. Nothing is added before the first <see cref="Add"/>.</summary>
    /// <exception cref="SteeringException">CAP_NET_ADMIN is missing.</exception>
    public static ReturnRoutes Open() => new();

    /// <summary>Removes what a crash left behind, for those who need no return routes themselves.</summary>
    public static void RemoveStale()
    {
        try
        {
            Open().Dispose();
        }
        catch (SteeringException)
        {
            // CAP_NET_ADMIN is missing: whoever has asked for nothing here needs not hear of it.
        }
    }

    /// <summary>
    /// Sees to it that the answers of an origin reach the sockets that dial it from clients' addresses and from
    /// <see cref="DiallingPorts"/>. Does nothing where that is so already. One call may name all ports of an origin.
    /// </summary>
    /// <returns>The mark that the dialling socket has to carry (SO_MARK); 0 for none.</returns>
    /// <exception cref="SteeringException">The kernel does not allow it; the message says what to do.</exception>
    public uint Add(Address origin, PortRange ports)
    {
        if (_marks.TryGetValue((origin, ports), out var mark))
            return mark;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_marks.TryGetValue((origin, ports), out mark))
                return mark;
            if (_marks.Count >= MostRules)
                throw new SteeringException($"Cannot dial '{origin}' port {ports} from the client's address: {MostRules} destinations have return routes already; name fewer, or whole ranges of ports.");
            var rule = RuleFor(origin, Expressible(ports, origin));
            _routes.Add(TableRoute(origin.IsIPv6));
            if (rule.Mark == 0)
                _rules.Add(rule);
            else
                AddMarked(rule);
            return _marks[(origin, ports)] = rule.Mark;
        }
    }

    /// <summary>Leaves the rules to others in the namespace that may rely on them; the last one removes all.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            try
            {
                RemoveUnlessShared();
            }
            finally
            {
                DisposeOwned();
            }
        }
    }

    /// <summary>The narrowest rule that tells answers to us from those to clients that have dialled the origin themselves.</summary>
    private PolicyRule RuleFor(Address origin, PortRange ports)
    {
        var rule = new PolicyRule(origin, ports) { Priority = Priority, Table = Table };
        // From a loopback address nothing can go out: who is not of this machine waits for no answer of it.
        if (IPAddress.IsLoopback(origin.ToIPAddress()))
            return rule with { SentHere = true };
        // Elsewhere they cross no more of this machine than its routing, which sees no marks and no sockets.
        if (!_routes.IsLocal(origin))
            return rule with { DestinationPorts = DiallingPorts };
        return rule with { SentHere = true, Mark = Mark };
    }

    private void AddMarked(PolicyRule rule)
    {
        // The rule first: after a crash between the two it tells what to switch off.
        var missing = _markedReplies.Missing(rule.Source.IsIPv6);
        _rules.Add(rule with { Priority = Priority + missing });
        if (!_markedReplies.TrySwitchOn(missing, out var name))
            throw new SteeringException($"Cannot dial '{rule.Source}', an address of this machine, from the client's address: '{name}' has to be 1 and cannot be set. Set it where the container or the machine is configured, or let the destination be a loopback address.");
    }

    /// <summary>No rule of the kernel can name port 65535, not even as the end of a range; one for all ports names none.</summary>
    private static PortRange Expressible(PortRange ports, Address origin) => ports switch
    {
        { First: <= 1, Last: ushort.MaxValue } => PortRange.All,
        { First: 0 } or { Last: ushort.MaxValue } => throw new SteeringException($"Cannot dial '{origin}' port {ports} from the client's address: the kernel's policy rules know the ports 1 to 65534, or all of them."),
        _ => ports,
    };

    private static LocalRoute TableRoute(bool ipv6) => new(new Prefix(new Address(ipv6, 0), 0), Protocol) { Table = Table };

    private void RemoveUnlessShared()
    {
        if (!_ownership.IsOnly)
            return;
        var switches = _rules.Priorities().Where(priority => priority is >= Priority and <= Priority + MarkedReplies.All).Aggregate(0u, (all, priority) => all | priority - Priority);
        // The settings before the rules that remember them, for the case of a crash between the two.
        _markedReplies.SwitchOff(switches);
        _rules.RemoveAll();
        _routes.Remove(TableRoute(ipv6: false));
        if (Socket.OSSupportsIPv6)
            _routes.Remove(TableRoute(ipv6: true));
    }

    private void DisposeOwned()
    {
        while (_owned.TryPop(out var resource))
            resource.Dispose();
    }

    private T Own<T>(T resource) where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }
}
