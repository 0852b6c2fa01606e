using System.Net;
using System.Net.Sockets;
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

    public static ForwardingTable Compile(Workload workload, bool everythingOn = false)
    {
        var rules = workload.Prefixes.Select((prefix, i) => new Rule($"r{i}", Protocols.All, [prefix], Workload.Ports, Target.Proxy));
        if (!Ruleset.TryCreate(rules, everythingOn ? Denied : [], out var ruleset, out var errors))
            throw new InvalidOperationException(errors[0]);
        return TableCompiler.Compile(ruleset, _ => 0);
    }

    public void Dispose()
    {
        Rivals.Dispose();
        Maps.Dispose();
        _listener.Dispose();
    }
}
