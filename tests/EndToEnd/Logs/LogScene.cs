using System.Text.Json;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Logs;

/// <summary>One proxy with a route of each kind, and what it logs.</summary>
public sealed class LogScene : Scene
{
    public const string Address = "198.51.100.7", Client = "127.0.0.9", Greeting = "220 hello\r\n";
    public const int Web = 31337, Down = 7001, Mail = 25, Secure = 8443, Dead = 7002, Narrow = 7003, Dns = 53;

    public LogScene() => Arrange(() =>
    {
        Own(TcpServer.With(Namespace, "127.0.0.1", 2500, connection =>
        {
            connection.Send(System.Text.Encoding.ASCII.GetBytes(Greeting));
            while (connection.Receive(new byte[4096]) > 0) { }
        }));
        Own(new Nsd(Namespace, 5353));
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration));
    });

    internal RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>The one line of the access log with this value.</summary>
    internal JsonElement AssertLogged(string key, string value)
    {
        JsonElement[] found = [];
        Eventually.Holds(
            () => (found = [.. Everyport.Records.Where(record => record.TryGetProperty(key, out var was) && was.ToString() == value)]).Length > 0,
            () => $"Nothing is logged with the {key} '{value}'. The log: {Everyport.Output}");
        return Assert.Single(found);
    }

    private const string Configuration =
        """
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24", "2001:db8:7::/48"] } } },
          "ReverseProxy": {
            "Routes": {
              "web": { "ClusterId": "origins", "Match": { "Path": "{**rest}", "Ports": "31337" } },
              "quiet": { "ClusterId": "origins", "Match": { "Path": "/healthz", "Ports": "31337" } },
              "narrow": { "ClusterId": "origins", "Match": { "Path": "/only", "Ports": "7003" } },
              "down": { "ClusterId": "nobody", "Match": { "Path": "{**rest}", "Ports": "7001" } }
            },
            "Clusters": {
              "origins": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } },
              "nobody": { "Destinations": { "only": { "Address": "http://127.0.0.1:1/" } } },
              "mail": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:2500" } } },
              "dead": { "Destinations": { "b": { "Address": "tcp://127.0.0.1:1" } } },
              "dns": { "Destinations": { "nsd": { "Address": "udp://127.0.0.1:5353" } } }
            }
          },
          "Streams": {
            "mail": { "ClusterId": "mail", "Match": { "Ports": "25" } },
            "secure": { "ClusterId": "mail", "Match": { "Ports": "8443", "Sni": "*.example.com" } },
            "dead": { "ClusterId": "dead", "Match": { "Ports": "7002" } },
            "dns": { "ClusterId": "dns", "SingleExchange": true, "Match": { "Protocol": "udp", "Ports": "53" } }
          },
          "AccessLog": { "ExceptRoutes": ["quiet"] },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;
}
