using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Admin;

/// <summary>The proxy with a route of each kind, in front of its demo origin; the admin host has a token, and listens everywhere.</summary>
public sealed class AdminScene : Scene
{
    public const string Token = "0123456789abcdef0123456789abcdef";

    public AdminScene() => Arrange(() => Own(RunningEveryport.Start(Namespace, Configuration)));

    /// <summary>Asks the admin host as an operator does.</summary>
    internal string Curl(params string[] arguments) => Namespace.Exec("curl",
        ["-sS", "--fail", "--max-time", "60", "-H", $"Authorization: Bearer {Token}", .. arguments]);

    /// <summary>All series of the metrics, without their values.</summary>
    internal string[] Series() =>
        [.. Curl("http://127.0.0.1:9464/metrics").Split('\n').Where(line => line is not ("" or ['#', ..])).Select(line => line[..line.LastIndexOf(' ')])];

    /// <summary>The status of an answer that may be a refusal.</summary>
    internal string StatusOf(params string[] arguments) =>
        Namespace.TryExec("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "60", .. arguments]).Output;

    /// <summary>One of everything.</summary>
    internal void Use() => Namespace.Run(() =>
    {
        Assert.Equal(200, HttpClient10.Get("198.51.100.1", 80).Status);
        using var stream = TcpClients.Connect("198.51.100.1", 7);
        stream.Send("echo"u8);
        Assert.Equal("echo"u8, TcpClients.Receive(stream, 4));
        using var flow = UdpClients.Connect("198.51.100.1", 7);
        Assert.Equal("echo"u8, UdpClients.Ask(flow, "echo"u8));
    });

    private const string Configuration =
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
          "ReverseProxy": {
            "Routes": {
              "web": { "ClusterId": "demo", "Match": { "Path": "{**rest}" } },
              "same-port": { "ClusterId": "same-port", "Match": { "Path": "{**rest}", "Ports": "9464" } }
            },
            "Clusters": {
              "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } },
              "same-port": { "Destinations": { "here": { "Address": "http://127.0.0.1:{port}/" } } },
              "echo": { "Destinations": { "built-in": { "Address": "tcp://127.0.0.1:9466" } } },
              "echo-udp": { "Destinations": { "built-in": { "Address": "udp://127.0.0.1:9466" } } },
              "raw-admin": { "Destinations": { "here": { "Address": "tcp://localhost:9464" } } }
            }
          },
          "Streams": {
            "echo": { "ClusterId": "echo", "Match": { "Ports": "7" } },
            "datagrams": { "ClusterId": "echo-udp", "Match": { "Protocol": "udp" } },
            "raw-admin": { "ClusterId": "raw-admin", "Match": { "Ports": "9999" } }
          },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" },
          "Admin": { "Listen": "0.0.0.0:9464", "Token": "{{Token}}" }
        }
        """;
}
