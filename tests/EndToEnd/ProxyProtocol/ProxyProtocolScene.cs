using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.ProxyProtocol;

/// <summary>
/// One proxy between others that speak the PROXY protocol: haproxy in front of it as the trusted peer 127.0.0.2, and
/// haproxy and nginx behind it, which tell whom they take for the client.
/// </summary>
public sealed class ProxyProtocolScene : Scene
{
    public const string Address = "127.100.1.2", AddressV6 = "2001:db8:7::1", Trusted = "127.0.0.2";

    /// <summary>Of haproxy in front, by version.</summary>
    public const int HttpByVersion1 = 7001, HttpByVersion2 = 7002, StreamByVersion1 = 7011, StreamByVersion2 = 7012;

    public ProxyProtocolScene() => Arrange(() =>
    {
        Own(new Nginx(Namespace, 8000));
        Own(new Nginx(Namespace, "proxy_protocol", "$proxy_protocol_addr:$proxy_protocol_port > $proxy_protocol_server_addr:$proxy_protocol_server_port", 8001));
        Own(TcpServer.WithBanner(Namespace, "127.0.0.1", 2001, "known"));
        Own(TcpServer.WithBanner(Namespace, "127.0.0.1", 2002, "other"));
        Own(HaProxy.Start(Namespace, 8002,
            """
            listen origin
              bind 127.0.0.1:8002 accept-proxy
              mode http
              http-request return status 200 content-type text/plain lf-string "%[src]:%[src_port] > %[dst]:%[dst_port]"
            """));
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration));
        Own(HaProxy.Start(Namespace, StreamByVersion2, string.Concat(
            InFront(HttpByVersion1, 8000, "send-proxy"), InFront(HttpByVersion2, 8000, "send-proxy-v2"),
            InFront(StreamByVersion1, 9000, "send-proxy"), InFront(StreamByVersion2, 9000, "send-proxy-v2"))));
    });

    internal RunningEveryport Everyport { get; private set; } = null!;

    private static string InFront(int port, int everyport, string version) =>
        $"""
        listen front-{port}
          bind 127.0.0.1:{port}
          bind [::1]:{port}
          mode tcp
          server everyport {Address}:{everyport} {version} source {Trusted}

        """;

    /// <summary>
    /// What haproxy in front is dialled at is the original destination: routes know those ports as well. Sniffing takes so
    /// little that a header which never comes is a matter of one second.
    /// </summary>
    private const string Configuration =
        """
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16", "2001:db8:7::/48"] } } },
          "ReverseProxy": {
            "Routes": {
              "web": { "ClusterId": "web", "Match": { "Path": "{**rest}", "Ports": "8000,7001,7002" } },
              "http-v1": { "ClusterId": "http-v1", "Match": { "Path": "{**rest}", "Ports": "9301" } },
              "http-v2": { "ClusterId": "http-v2", "Match": { "Path": "{**rest}", "Ports": "9302" } }
            },
            "Clusters": {
              "http-v1": { "ProxyProtocol": "v1", "Destinations": { "a": { "Address": "http://127.0.0.1:8001/" } } },
              "http-v2": { "ProxyProtocol": "v2", "Destinations": { "a": { "Address": "http://127.0.0.1:8002/" } } },
              "web": { "Destinations": { "a": { "Address": "http://127.0.0.1:8000/" } } },
              "known": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:2001" } } },
              "other": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:2002" } } },
              "nginx": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:8001" } } },
              "haproxy": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:8002" } } }
            }
          },
          "Streams": {
            "known": { "ClusterId": "known", "Match": { "Ports": "9000,7011,7012", "Sources": ["127.0.0.9/32", "::1/128"] } },
            "other": { "ClusterId": "other", "Match": { "Ports": "9000,7011,7012" } },
            "nginx-v1": { "ClusterId": "nginx", "Match": { "Ports": "9101" }, "ProxyProtocol": "v1" },
            "nginx-v2": { "ClusterId": "nginx", "Match": { "Ports": "9102" }, "ProxyProtocol": "v2" },
            "haproxy-v1": { "ClusterId": "haproxy", "Match": { "Ports": "9201" }, "ProxyProtocol": "v1" },
            "haproxy-v2": { "ClusterId": "haproxy", "Match": { "Ports": "9202" }, "ProxyProtocol": "v2" }
          },
          "ProxyProtocol": { "balancer": { "Ports": "8000,9000", "Sources": ["127.0.0.2/32"] } },
          "Limits": { "SniffTimeout": "00:00:05" }
        }
        """;
}
