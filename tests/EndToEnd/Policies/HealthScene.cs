using System.Globalization;
using System.Text;
using System.Text.Json;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Policies;

/// <summary>Clusters of two origins, of which b comes and goes, with all that decides where requests go.</summary>
public sealed class HealthScene : Scene
{
    public const int Active = 7101, Passive = 7102, Broken = 7103, AllBroken = 7104, RoundRobin = 7111, Random = 7112, PowerOfTwoChoices = 7113, LeastRequests = 7114, FirstAlphabetical = 7115;

    private const string Steered = "198.51.100.9", AddressOfB = "127.0.0.12";
    private const int OriginPort = 8080;
    private static readonly int[] Balanced = [RoundRobin, Random, PowerOfTwoChoices, LeastRequests, FirstAlphabetical];
    private static readonly int[] OfB = [8081, 8082, 8083, 8084];

    public HealthScene() => Arrange(() =>
    {
        Own(new NamedNginx(Namespace, "a", "127.0.0.11", OriginPort));
        Own(StartB(OriginPort));
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration));
    });

    internal RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>The b of one of the first clusters.</summary>
    internal NamedNginx StartBOf(int port) => StartB(OfB[port - Active]);

    /// <summary>Asks with curl, so many times; all the bodies.</summary>
    internal string Ask(int port, int times = 1, string path = "/")
    {
        var heard = new StringBuilder();
        for (var i = 0; i < times; i++)
            heard.Append(Namespace.Exec("curl", "-sS", "--max-time", "60", string.Create(CultureInfo.InvariantCulture, $"http://{Steered}:{port}{path}")));
        return heard.ToString();
    }

    /// <summary>What the admin endpoint says of a destination.</summary>
    internal JsonElement StatusOf(int port, string destination)
    {
        using var status = JsonDocument.Parse(Namespace.Run(() => HttpClient10.Get("127.0.0.1", 9464, "/api/status").Body));
        return status.RootElement.GetProperty("clusters").EnumerateArray()
            .Single(cluster => cluster.GetProperty("name").GetString() == port.ToString(CultureInfo.InvariantCulture))
            .GetProperty("destinations").EnumerateArray()
            .Single(candidate => candidate.GetProperty("name").GetString() == destination).Clone();
    }

    private NamedNginx StartB(int port) => new(Namespace, "b", AddressOfB, port);

    private static string Cluster(int port, string more) =>
        $$"""
        "{{port}}": { {{more}} "Destinations": {
            "a": { "Address": "http://127.0.0.11:{{OriginPort}}/" }, "b": { "Address": "http://{{AddressOfB}}:{{(port < RoundRobin ? OfB[port - Active] : OriginPort)}}/" } } }
        """;

    private static readonly string Configuration =
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
          "ReverseProxy": {
            "Routes": {
              {{string.Join(",\n", ((int[])[Active, Passive, Broken, AllBroken, .. Balanced]).Select(port =>
                  $$""" "{{port}}": { "ClusterId": "{{port}}", {{(port is Active or AllBroken ? "\"RetryPolicy\": \"Disable\"," : "")}} "Match": { "Path": "{**rest}", "Ports": "{{port}}" } }"""))}}
            },
            "Clusters": {
              {{Cluster(Active, """ "LoadBalancingPolicy": "RoundRobin", "HealthCheck": { "Active": { "Enabled": true, "Interval": "00:00:00.2", "Timeout": "00:00:20", "Path": "/health" } }, """)}},
              {{Cluster(Passive, """ "LoadBalancingPolicy": "RoundRobin", "HealthCheck": { "Passive": { "Enabled": true, "ReactivationPeriod": "00:00:01" } }, "Metadata": { "TransportFailureRateHealthPolicy.RateLimit": "0.2" }, """)}},
              {{Cluster(Broken, """ "LoadBalancingPolicy": "RoundRobin", "CircuitBreaker": { "Failures": 3, "Window": "00:10:00", "Break": "00:00:02" }, """)}},
              "{{AllBroken}}": { "CircuitBreaker": { "FailureRatio": "100%", "MinimumRequests": 2, "Break": "01:00:00" }, "Destinations": { "only": { "Address": "http://127.0.0.14:1/" } } },
              {{string.Join(",\n", Balanced.Zip((string[])["RoundRobin", "Random", "PowerOfTwoChoices", "LeastRequests", "FirstAlphabetical"], (port, policy) =>
                  Cluster(port, $$""" "LoadBalancingPolicy": "{{policy}}", """)))}}
            }
          }
        }
        """;
}
