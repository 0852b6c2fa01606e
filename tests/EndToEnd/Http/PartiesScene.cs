using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;
using Everyport.EndToEnd.Tests.Tls;

namespace Everyport.EndToEnd.Tests.Http;

/// <summary>
/// The Kestrel origin behind the proxy: by HTTP/1.1 for whoever dials the ports 10000-19999, by HTTP/2 with prior knowledge for
/// 20000-29999, with a certificate for everybody who begins with TLS. On 30000-39999 each port leads to the same port of this machine, for origins of the tests' own.
/// </summary>
public sealed class PartiesScene : Scene
{
    public const string Address = "198.51.100.7", HostName = "party.example.com";

    public PartiesScene() => Arrange(() =>
    {
        Authority = Own(new Authority());
        Authority.Issue("party", [HostName]).Dispose();
        Origin = Own(new KestrelOrigin(Namespace));
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration));
    });

    internal Authority Authority { get; private set; } = null!;

    internal KestrelOrigin Origin { get; private set; } = null!;

    internal RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>The client of .NET. It connects from the namespace, which its own threads are not in.</summary>
    internal SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        EnableMultipleHttp2Connections = false,
        // It is for a name, and tests dial addresses.
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=party" },
        ConnectCallback = (context, _) =>
            ValueTask.FromResult<Stream>(new NetworkStream(Namespace.Run(() => TcpClients.Connect(context.DnsEndPoint.Host, context.DnsEndPoint.Port)), ownsSocket: true)),
    };

    /// <summary>With one version of HTTP, and the patience of all tests.</summary>
    internal HttpClient NewClient(Version version) => new(NewHandler())
    {
        Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private string Configuration =>
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24", "2001:db8:7::/48"] } } },
          "ReverseProxy": {
            "Routes": {
              "http1": { "ClusterId": "http1", "Match": { "Path": "{**rest}", "Ports": "10000-19999" } },
              "http2": { "ClusterId": "http2", "Match": { "Path": "{**rest}", "Ports": "20000-29999" } },
              "own":   { "ClusterId": "own",   "Match": { "Path": "{**rest}", "Ports": "30000-39999" } }
            },
            "Clusters": {
              "http1": { "Destinations": { "a": { "Address": "http://127.0.0.1:7001/" } } },
              "http2": {
                "HttpRequest": { "Version": "2", "VersionPolicy": "RequestVersionExact" },
                "Destinations": { "a": { "Address": "http://127.0.0.1:7002/" } }
              },
              "own": { "Destinations": { "a": { "Address": "http://127.0.0.1:{port}/" } } }
            }
          },
          "Tls": { "Certificates": { "party": { "Path": "{{Authority.PathOf("party")}}", "Hosts": ["*"] } } },
          "Limits": { "MaxConnectionsPerSource": 10000 }
        }
        """;
}
