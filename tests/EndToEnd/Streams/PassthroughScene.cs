using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Streams;

/// <summary>TLS servers with different certificates behind one port, chosen by what the ClientHello says.</summary>
public sealed class PassthroughScene : Scene
{
    public PassthroughScene() => Arrange(() =>
    {
        Exact = Own(new TlsServer(Namespace, "127.0.0.1", 4401, "exact", "a.example.com", "b.example.com"));
        Wildcard = Own(new TlsServer(Namespace, "127.0.0.1", 4402, "wildcard", "*.example.com", "*.deep.example.com"));
        Own(new TlsServer(Namespace, "127.0.0.1", 4403, "nameless", "localhost"));
        Own(new TlsServer(Namespace, "127.0.0.1", 4404, "h2", "localhost"));
        Own(RunningEveryport.Start(Namespace, Configuration));
    });

    internal TlsServer Exact { get; private set; } = null!;

    internal TlsServer Wildcard { get; private set; } = null!;

    /// <summary>The streams that take TLS unread echo the very bytes that the proxy has forwarded.</summary>
    private const string Configuration =
        """
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16", "2001:db8:7::/48"] } } },
          "ReverseProxy": {
            "Routes": { "web": { "ClusterId": "demo", "Match": { "Path": "{**rest}" } } },
            "Clusters": {
              "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } },
              "echo": { "Destinations": { "built-in": { "Address": "tcp://127.0.0.1:9466" } } },
              "exact": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4401" } } },
              "wildcard": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4402" } } },
              "nameless": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4403" } } },
              "h2": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4404" } } }
            }
          },
          "Streams": {
            "exact": { "ClusterId": "exact", "Match": { "Sni": ["a.example.com", "b.example.com"] } },
            "wildcard": { "ClusterId": "wildcard", "Match": { "Sni": "*.example.com" } },
            "echo": { "ClusterId": "echo", "Match": { "Sni": "echo.example.com" } },
            "h2": { "ClusterId": "h2", "Match": { "Ports": "8443", "Alpn": "h2" } },
            "rest": { "ClusterId": "nameless" }
          },
          "Limits": { "SniffTimeout": "00:10:00" },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;
}
