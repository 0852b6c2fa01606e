using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Admin.Page;

/// <summary>A proxy with rules and routes of each kind, and an operator who looks at its page.</summary>
public sealed class PageScene : Scene
{
    public const string Url = "http://127.0.0.1:9464/", Address = "198.51.100.7";

    public PageScene() => Arrange(() => Everyport = Own(RunningEveryport.Start(Namespace, Configuration)));

    internal RunningEveryport Everyport { get; private set; } = null!;

    internal Socket OpenStream(int port) => Namespace.Run(() =>
    {
        var stream = TcpClients.Connect(Address, port);
        stream.Send("echo"u8);
        Assert.Equal("echo"u8, TcpClients.Receive(stream, 4));
        return stream;
    });

    private const string Configuration =
        """
        {
          "Steering": {
            "Rules": {
              "edge": { "Prefixes": ["198.51.100.0/24", "2001:db8:7::/48"] },
              "ssh":  { "Prefixes": ["198.51.100.0/24"], "Ports": "22", "Protocols": ["tcp"], "Action": "Pass" },
              "dark": { "Prefixes": ["198.51.100.0/24"], "Ports": "60000-65535", "Action": "Drop" },
              "mail": { "Prefixes": ["198.51.100.0/24"], "Ports": "25,465,587", "Protocols": ["tcp"], "Action": "Service", "Service": "postfix" }
            }
          },
          "ReverseProxy": {
            "Routes": { "web": { "ClusterId": "web", "Match": { "Path": "{**rest}", "Ports": "80,8000-19999" } } },
            "Clusters": {
              "web":  { "Destinations": { "demo": { "Address": "http://127.0.0.1:9465/" } } },
              "echo": { "Destinations": { "demo": { "Address": "tcp://127.0.0.1:9466" } } },
              "dns":  { "Destinations": { "demo": { "Address": "udp://127.0.0.1:9466" } } }
            }
          },
          "Streams": {
            "postgres": { "ClusterId": "echo", "Match": { "Ports": "5432,30000-39999" } },
            "dns":      { "ClusterId": "dns", "Match": { "Protocol": "udp" } }
          },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;
}
