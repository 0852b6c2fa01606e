using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Everyport.Steering;
using Everyport.Steering.Counters;
using Everyport.Steering.Rules;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;

namespace Everyport.Benchmarks;

/// <summary>What every measurement needs: a listening socket registered for the proxy, and rulesets to load.</summary>
internal sealed class Bed : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };

    public Bed()
    {
        _listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        _listener.Listen();
        new SocketSlots(Maps.Sockets).Register(0, Target.ProxyService, _listener.SafeHandle);
        Rivals = new Rivals(_listener.SafeHandle);
    }

    public SharedMaps Maps { get; } = SharedMaps.Create();

    public Rivals Rivals { get; }

    /// <summary>The prefixes denied where everything is on.</summary>
    private static IEnumerable<Prefix> Denied => Workload.IPv4(1000, seed: 2).Prefixes.Concat(Workload.IPv6(1000, seed: 2).Prefixes);

    public Generation Load(Workload workload, bool everythingOn) =>
        Generation.Load(Compile(workload, everythingOn), Maps, countPorts: everythingOn);

    /// <summary>With rules counted, and nothing else.</summary>
    public Generation LoadCounting(Workload workload)
    {
        var ruleset = RulesetOf(workload, []);
        var owned = ImmutableDictionary<string, Ruleset>.Empty.Add(Target.ProxyService, ruleset);
        var counted = CountedRules.TryNumber(new RulesInForce(ruleset, owned, []), null);
        return Generation.Load(TableCompiler.Compile(ruleset, _ => 0, counted), Maps, countPorts: false, countRules: true);
    }

    public static ForwardingTable Compile(Workload workload, bool everythingOn = false) =>
        TableCompiler.Compile(RulesetOf(workload, everythingOn ? Denied : []), _ => 0);

    private static Ruleset RulesetOf(Workload workload, IEnumerable<Prefix> denied)
    {
        var rules = workload.Prefixes.Select((prefix, i) => new Rule($"r{i}", Protocols.All, [prefix], Workload.Ports, Target.Proxy));
        return Ruleset.TryCreate(rules, denied, out var ruleset, out var errors) ? ruleset : throw new InvalidOperationException(errors[0]);
    }

    public void Dispose()
    {
        Rivals.Dispose();
        Maps.Dispose();
        _listener.Dispose();
    }
}
