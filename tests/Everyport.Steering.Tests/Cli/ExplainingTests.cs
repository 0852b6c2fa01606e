using CsCheck;
using Everyport.Steering.Cli;
using Everyport.Steering.Cli.Explain;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Cli;

/// <summary>What is explained is what happens.</summary>
public sealed class ExplainingTests : IDisposable
{
    private const int Connections = 400;

    private readonly PinnedTerminal _steering = new();

    public void Dispose() => _steering.Dispose();

    [KernelFact]
    public void Random_destinations_go_where_it_was_explained()
    {
        _steering.Do("load", "--take-listeners", "--take-ephemeral-ports");
        using var a = _steering.Register(_steering.Tcp("a"));
        using var b = _steering.Register(_steering.Tcp("b"));
        using var local = _steering.Namespace.Run(() => NamedServer.Tcp("local", "0.0.0.0", 443));
        Assert.Equal(0, _steering.RunWith("""
            { "Rules": {
                "far":   { "Prefixes": ["10.7.0.0/16"], "Ports": "80", "Action": "Service", "Service": "a" },
                "wide":  { "Prefixes": ["127.7.0.0/16"], "Ports": "1-1000", "Action": "Service", "Service": "a" },
                "port":  { "Prefixes": ["127.7.0.0/16"], "Ports": "443-450", "Action": "Service", "Service": "b" },
                "pass":  { "Prefixes": ["127.7.1.0/24"], "Ports": "443", "Action": "Pass" },
                "dark":  { "Prefixes": ["127.7.1.128/25"], "Action": "Drop" },
                "none":  { "Prefixes": ["127.7.2.0/24"], "Ports": "80", "Action": "Service", "Service": "absent" } },
              "DenySources": ["127.66.0.0/16"] }
            """, "apply", "-").ExitCode);

        using var control = SteeringControl.Open(new SteeringOptions { PinPath = _steering.PinPath, NetworkNamespace = _steering.Namespace.Path });
        var known = KnownSteering.Of(control.Read()!, _steering.Namespace.Path);
        var destinations =
            from third in Gen.Int[0, 3]
            from fourth in Gen.OneOf(1, 2, 127, 128, 255)
            from port in Gen.OneOf(1, 80, 442, 443, 450, 451, 1000, 1001)
            from source in Gen.OneOf("127.0.0.1", "127.66.0.1")
            select (Address: $"{(fourth == 2 ? "10.7" : "127.7")}.{third}.{fourth}", Port: port, Source: source);
        var seen = new HashSet<LookupOutcome>();
        // What chance may leave out.
        (string Address, int Port, string Source)[] rare = [("127.7.1.1", 443, "127.0.0.1"), ("127.7.2.1", 80, "127.0.0.1"), ("127.7.1.128", 80, "127.0.0.1")];
        foreach (var (address, port, source) in rare.Concat(destinations.Array[Connections].Single()))
        {
            var explained = Explainer.Explain(known, Lookup.Parse("tcp", address, port.ToString(System.Globalization.CultureInfo.InvariantCulture), source));
            seen.Add(explained.Outcome);
            Assert.Equal((address, port, source, Expected(explained, port)), (address, port, source, _steering.Dial(address, port, source)));
        }
        Assert.Equal(Enum.GetValues<LookupOutcome>().Where(outcome => outcome != LookupOutcome.NotLocal).ToHashSet(), seen);
    }

    [KernelFact]
    public void What_is_not_local_is_not_steered_whatever_the_rules_say()
    {
        _steering.Do("load", "--no-local-routes");
        _steering.Do("bind", "--drop", "tcp", "10.7.0.0/16", "80");
        var explained = _steering.Do("explain", "tcp", "10.7.0.1", "80", "--json").Json;
        Assert.Equal(("notLocal", "tcp 10.7.0.0/16 80"), (explained.GetProperty("outcome").GetString(), explained.GetProperty("rule").GetString()));
        _steering.Namespace.Ip("route", "add", "local", "10.7.0.0/16", "dev", "lo");
        Assert.Equal("drop", _steering.Do("explain", "tcp", "10.7.0.1", "80", "--json").Json.GetProperty("outcome").GetString());
    }

    [KernelFact]
    public void The_rule_its_owner_and_the_sockets_are_named()
    {
        _steering.Do("load");
        using var web = _steering.Register(_steering.Tcp("web"));
        _steering.Do("bind", "--name", "wide", "other", "tcp", "127.7.0.0/16", "*");
        _steering.Do("bind", "--name", "narrow", "web", "tcp", "127.7.0.0/24", "443");
        var explained = _steering.Do("explain", "tcp", "127.7.0.1", "443", "--json").Json;
        Assert.Equal(
            ("service", "narrow", "steerctl", "web", 1),
            (explained.GetProperty("outcome").GetString(), explained.GetProperty("rule").GetString(), explained.GetProperty("owner").GetString(), explained.GetProperty("service").GetString(), explained.GetProperty("sockets").GetArrayLength()));
        Assert.Contains("It goes before the rule 'wide' of 'steerctl' (127.7.0.0/16, ports *), as its prefix is longer.", _steering.Do("explain", "tcp", "127.7.0.1", "443").Output, StringComparison.Ordinal);
        Assert.Contains("So: refused, as the service 'other' has no socket for it.", _steering.Do("explain", "tcp", "127.7.1.1", "80").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_explained_without_a_kernel()
    {
        var terminal = new Terminal { Input = """{ "Rules": { "web": { "Prefixes": ["198.51.100.0/24"], "Ports": "80" } } }""" };
        Assert.Contains("So: the service 'proxy'.", terminal.Do("explain", "tcp", "198.51.100.7", "80", "--rules", "-").Output, StringComparison.Ordinal);
        Assert.Contains("No rule matches", terminal.Do("explain", "tcp", "198.51.100.7", "81", "--rules", "-").Output, StringComparison.Ordinal);
    }

    private static string Expected(Explanation explained, int port) => explained.Outcome switch
    {
        LookupOutcome.Service => explained.Match!.Value.Rule.Target.Service!,
        LookupOutcome.Pass or LookupOutcome.NoRule => port == 443 ? "local" : Client.Refused,
        _ => Client.Refused,
    };
}
