using System.Security.Cryptography;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Guards;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>HTTP/3 of ngtcp2 through the proxy: chosen by the name in the encrypted hello, and kept together by connection ID.</summary>
public sealed class QuicTests(QuicTests.QuicScene scene) : IClassFixture<QuicTests.QuicScene>
{
    [KernelTheory]
    [InlineData("a.example.com", "exact")]
    [InlineData("deep.down.example.com", "wildcard")]
    [InlineData("a.example.net", "rest")]
    public void The_name_in_the_hello_chooses_the_destination(string host, string answer) =>
        Assert.Equal(answer, Encoding.ASCII.GetString(Download(host, 443)));

    [KernelFact]
    public void A_connection_whose_client_gets_another_address_stays_with_its_server()
    {
        // The next flow would go to the other server, which knows nothing of the connection.
        using var nat = scene.Namespace.Run(() => new RebindingNat(QuicScene.Address, 444, answersBefore: 40, "127.0.0.1", "127.0.0.9"));
        Assert.Equal(QuicScene.Large, Download("nat.example.com", nat.Port));
        Assert.NotEqual(0, nat.AnswersAfter);
    }

    private byte[] Download(string host, int port)
    {
        using var directory = new TemporaryDirectory();
        var result = scene.Namespace.TryExec("timeout", "30", "gtlsclient", "-q", "--exit-on-all-streams-close", $"--download={directory.Path}", host, $"{port}", $"https://{host}/{QuicServer.File}");
        var file = Path.Combine(directory.Path, QuicServer.File);
        Assert.True(File.Exists(file), $"gtlsclient ended with {result.ExitCode}: {result.Output}{result.Error} {scene.Everyport.Output}");
        return File.ReadAllBytes(file);
    }

    public sealed class QuicScene : Scene
    {
        public const string Address = "127.100.1.2";

        public static byte[] Large { get; } = RandomNumberGenerator.GetBytes(2_000_000);

        public QuicScene() => Arrange(() =>
        {
            Own(new HostsFile(Namespace, $"127.0.0.1 localhost nat.example.com\n{Address} a.example.com deep.down.example.com a.example.net\n"));
            Own(new QuicServer(Namespace, 4001, "exact"u8.ToArray()));
            Own(new QuicServer(Namespace, 4002, "wildcard"u8.ToArray()));
            Own(new QuicServer(Namespace, 4003, "rest"u8.ToArray()));
            Own(new QuicServer(Namespace, 4004, Large));
            Own(new QuicServer(Namespace, 4005, Large));
            Everyport = Own(RunningEveryport.Start(Namespace,
                """
                {
                  "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
                  "ReverseProxy": {
                    "Clusters": {
                      "exact": { "Destinations": { "a": { "Address": "udp://127.0.0.1:4001" } } },
                      "wildcard": { "Destinations": { "a": { "Address": "udp://127.0.0.1:4002" } } },
                      "rest": { "Destinations": { "a": { "Address": "udp://127.0.0.1:4003" } } },
                      "two": {
                        "LoadBalancingPolicy": "RoundRobin",
                        "Destinations": { "a": { "Address": "udp://127.0.0.1:4004" }, "b": { "Address": "udp://127.0.0.1:4005" } }
                      }
                    }
                  },
                  "Streams": {
                    "exact": { "ClusterId": "exact", "Match": { "Protocol": "udp", "Ports": "443", "Sni": "a.example.com", "Alpn": "h3" } },
                    "wildcard": { "ClusterId": "wildcard", "Match": { "Protocol": "udp", "Ports": "443", "Sni": "*.example.com" } },
                    "rest": { "ClusterId": "rest", "Match": { "Protocol": "udp", "Ports": "443" } },
                    "two": { "ClusterId": "two", "Match": { "Protocol": "udp", "Ports": "444" } }
                  }
                }
                """));
        });

        internal RunningEveryport Everyport { get; private set; } = null!;
    }
}
