using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Guards;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Clusters;

/// <summary>
/// Clusters of two servers, a and b, which say their name, and a name of two addresses, the first of which swallows what is
/// sent to it. A health check answers within milliseconds, or not at all.
/// </summary>
public sealed class ClusterScene : LinkedScene
{
    public const int Balanced = 7001, Checked = 7002, Watched = 7003, ByName = 7004;

    private const string Name = "both.test";

    public ClusterScene() => Arrange(() =>
    {
        // The resolver puts IPv6 first (RFC 6724).
        Own(new HostsFile(Namespace, $"{BlackHoleV6} {Name}\n{OriginAddress} {Name}\n"));
        Own(TcpServer.WithBanner(Origin, OriginAddress, ByName, "named"));
        foreach (var port in (int[])[Balanced, Checked, Watched])
            Own(StartA(port));
        Own(StartB(Balanced));
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration));
    });

    internal RunningEveryport Everyport { get; private set; } = null!;

    internal TcpServer StartB(int port) => TcpServer.WithBanner(Namespace, "127.0.0.12", port, "b");

    private TcpServer StartA(int port) => TcpServer.WithBanner(Namespace, "127.0.0.11", port, "a");

    /// <summary>What so many clients hear, one after the other.</summary>
    public string Hear(int port, int clients = 1, int length = 1) => Namespace.Run(() =>
    {
        var heard = new StringBuilder();
        for (var i = 0; i < clients; i++)
        {
            using var client = TcpClients.Connect(Steered, port);
            heard.Append(Encoding.ASCII.GetString(TcpClients.Receive(client, length)));
        }
        return heard.ToString();
    });

    private static string TwoServers(int port, string more) =>
        $$"""
        { "LoadBalancingPolicy": "RoundRobin", {{more}} "Destinations": {
            "a": { "Address": "tcp://127.0.0.11:{{port}}" }, "b": { "Address": "tcp://127.0.0.12:{{port}}" } } }
        """;

    private static readonly string Configuration =
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
          "ReverseProxy": { "Clusters": {
            "balanced": {{TwoServers(Balanced, "")}},
            "checked": {{TwoServers(Checked, """ "HealthCheck": { "Active": { "Enabled": true, "Interval": "00:00:00.2", "Timeout": "00:00:20" } }, """)}},
            "watched": {{TwoServers(Watched, """
              "HealthCheck": { "Passive": { "Enabled": true, "ReactivationPeriod": "00:00:02" } }, "Metadata": { "ConsecutiveFailuresHealthPolicy.Threshold": "3" },
              """)}},
            "by-name": { "Destinations": { "a": { "Address": "tcp://{{Name}}:{{ByName}}" } } }
          } },
          "Streams": {
            "balanced": { "ClusterId": "balanced", "Match": { "Ports": "{{Balanced}}" } },
            "checked": { "ClusterId": "checked", "Match": { "Ports": "{{Checked}}" }, "DialAttempts": 1 },
            "watched": { "ClusterId": "watched", "Match": { "Ports": "{{Watched}}" } },
            "by-name": { "ClusterId": "by-name", "Match": { "Ports": "{{ByName}}" }, "ConnectTimeout": "00:10:00" }
          }
        }
        """;
}
