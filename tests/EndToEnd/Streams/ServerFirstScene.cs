using System.Collections.Concurrent;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Streams;

/// <summary>Real servers behind the proxy whose protocols begin with the server, or where client and server negotiate first.</summary>
public sealed class ServerFirstScene : Scene
{
    public const string Address = "127.100.1.2", AddressV6 = "2001:db8:7::1";

    public ServerFirstScene() => Arrange(() =>
    {
        Ssh = Own(new OpenSsh(Namespace, "127.0.0.1", 2200));
        Own(Postgres.Start(Namespace, "127.0.0.1", 5400));
        Own(MailServer.Start(Namespace, "127.0.0.1", 2500, Messages.Add));
        Own(RunningEveryport.Start(Namespace, Configuration));
    });

    internal OpenSsh Ssh { get; private set; } = null!;

    /// <summary>What the mail server has taken.</summary>
    public BlockingCollection<string> Messages { get; } = [];

    /// <summary>On port 443 there are HTTP, TLS and whatever else; sniffing takes longer than any test waits.</summary>
    private const string Configuration =
        """
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16", "2001:db8:7::/48"] } } },
          "ReverseProxy": {
            "Routes": { "web": { "ClusterId": "demo", "Match": { "Path": "{**rest}", "Ports": "80,443,2525,5433" } } },
            "Clusters": {
              "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } },
              "echo": { "Destinations": { "built-in": { "Address": "tcp://127.0.0.1:9466" } } },
              "ssh": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:2200" } } },
              "mail": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:2500" } } },
              "pg": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:5400" } } }
            }
          },
          "Streams": {
            "pg": { "ClusterId": "pg", "Match": { "Ports": "5432" } },
            "pg-beside-http": { "ClusterId": "pg", "Match": { "Ports": "5000-5999" } },
            "mail": { "ClusterId": "mail", "Match": { "Ports": "25,587" } },
            "mail-beside-http": { "ClusterId": "mail", "Match": { "Ports": "2000-2999" } },
            "ssh": { "ClusterId": "ssh", "Match": { "Ports": "22,2222" } },
            "tls": { "ClusterId": "echo", "Match": { "Ports": "443", "Sni": "echo.example.com" } },
            "rest": { "ClusterId": "ssh" }
          },
          "Limits": { "SniffTimeout": "00:10:00" },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;
}
