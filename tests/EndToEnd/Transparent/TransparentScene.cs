using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Transparent;

/// <summary>Servers on the origin's machine and on the proxy's that tell who has connected, each behind a port of its own.</summary>
public sealed class TransparentScene : LinkedScene
{
    public const int Server = 7000, NotFromClient = 9000;

    /// <summary>The ports of the proxy that lead to the same server, at these addresses, from the address of the client.</summary>
    public const int Elsewhere = 9001, ElsewhereV6 = 9002, OnLoopback = 9003, OnLoopbackV6 = 9004, OnOwnAddress = 9005, OnOwnAddressV6 = 9006;

    public TransparentScene() => Arrange(() =>
    {
        foreach (var machine in (NetworkNamespace[])[Namespace, Origin])
        {
            Own(TcpServer.ThatTellsThePeer(machine, "0.0.0.0", Server));
            Own(TcpServer.ThatTellsThePeer(machine, "::", Server));
        }
        Start();
    });

    internal RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>Another one, when the first is gone.</summary>
    public void Start() => Everyport = Own(RunningEveryport.Start(Namespace, Configuration));

    public void StartWithoutStreams() => Everyport = Own(RunningEveryport.Start(Namespace, $$"""{ "Steering": {{Steering}} }"""));

    /// <summary>What has been added to the routing of the machine for the way back.</summary>
    public string ReturnRouting => string.Concat(((string[])["-4", "-6"]).SelectMany(family => (string[])[
        string.Concat(Namespace.Ip(family, "rule").Split('\n').Where(line => line.Contains("197", StringComparison.Ordinal))),
        // There is no such table where nothing is in it.
        Namespace.TryExec("ip", family, "route", "show", "table", "197").Output]));

    private const string Steering = """{ "Rules": { "edge": { "Prefixes": ["198.51.100.0/24", "2001:db8:7::/48"] } } }""";

    private static readonly string Configuration =
        $$"""
        {
          "Steering": {{Steering}},
          "ReverseProxy": { "Clusters": {
            "elsewhere": { "Destinations": { "a": { "Address": "tcp://{{OriginAddress}}:{{Server}}" } } },
            "elsewhere6": { "Destinations": { "a": { "Address": "tcp://[{{OriginAddressV6}}]:{{Server}}" } } },
            "loopback": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:{{Server}}" } } },
            "loopback6": { "Destinations": { "a": { "Address": "tcp://[::1]:{{Server}}" } } },
            "own": { "Destinations": { "a": { "Address": "tcp://{{OwnAddress}}:{{Server}}" } } },
            "own6": { "Destinations": { "a": { "Address": "tcp://[{{OwnAddressV6}}]:{{Server}}" } } }
          } },
          "Streams": {
            "plain": { "ClusterId": "elsewhere", "Match": { "Ports": "{{NotFromClient}}" } },
            "elsewhere": { "ClusterId": "elsewhere", "Match": { "Ports": "{{Elsewhere}}" }, "SourceAddress": "Client" },
            "elsewhere6": { "ClusterId": "elsewhere6", "Match": { "Ports": "{{ElsewhereV6}}" }, "SourceAddress": "Client" },
            "loopback": { "ClusterId": "loopback", "Match": { "Ports": "{{OnLoopback}}" }, "SourceAddress": "Client" },
            "loopback6": { "ClusterId": "loopback6", "Match": { "Ports": "{{OnLoopbackV6}}" }, "SourceAddress": "Client" },
            "own": { "ClusterId": "own", "Match": { "Ports": "{{OnOwnAddress}}" }, "SourceAddress": "Client" },
            "own6": { "ClusterId": "own6", "Match": { "Ports": "{{OnOwnAddressV6}}" }, "SourceAddress": "Client" }
          }
        }
        """;
}
