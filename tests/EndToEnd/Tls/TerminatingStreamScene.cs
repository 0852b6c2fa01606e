using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Tls;

/// <summary>A proxy with streams on which TLS ends, each on a port of its own.</summary>
public sealed class TerminatingStreamScene : Scene
{
    public const string Address = "127.100.1.2", Host = "a.example.com";

    public const int Echo = 1, Encrypted = 2, Header = 3, Watched = 4, Protocols = 5, Both = 6, Idle = 7, Peer = 8, Dead = 9, Few = 10;

    public TerminatingStreamScene() => Arrange(() =>
    {
        Authority = Own(new Authority());
        Authority.Issue("web", [Host]);
        Authority.Issue("mutual", ["mutual.example.com"]);
        Authority.Issue("client", ["client.example.com"]);
        var files = Own(new TemporaryDirectory());
        var servers = Own(new CertificateAuthority(files, "servers"));
        Own(TcpServer.ThatEchoes(Namespace, "127.0.0.1", 4501));
        Own(new TlsNginx(Namespace, new(4502, servers.Issue("server", ["localhost"]), "http2"), new(4503, null, "proxy_protocol")));
        Own(TcpServer.ThatWatches(Namespace, "127.0.0.1", 4504, Ends.Add));
        Own(TcpServer.WithBanner(Namespace, "127.0.0.1", 4505, "plain"));
        Own(TcpServer.ThatTellsThePeer(Namespace, "127.0.0.1", 4506));
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration(servers.File)));
    });

    internal Authority Authority { get; private set; } = null!;

    internal RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>How connections ended at the server that watches.</summary>
    internal BlockingCollection<string> Ends { get; } = [];

    /// <summary>Does something as a client with TLS.</summary>
    internal void AsClient(int port, Action<Socket, SslStream> use) => Namespace.Run(() =>
    {
        using var socket = TcpClients.Connect(Address, port);
        using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=web");
        tls.AuthenticateAsClient(Host);
        use(socket, tls);
    });

    internal string Curl(int port, params string[] options) => Namespace.Exec(
        "curl", ["-sS", "--max-time", "60", "--cacert", Authority.Root, "--resolve", $"{Host}:{port}:{Address}", .. options, $"https://{Host}:{port}/"]);

    /// <summary>Runs OpenSSL's client, which says nothing and waits for the end.</summary>
    internal Command.Result OpenSsl(int port, string name, params string[] options) => Namespace.TryExec(
        "openssl", ["s_client", "-connect", $"{Address}:{port}", "-CAfile", Authority.Root, "-servername", name, "-ign_eof", .. options]);

    private string Configuration(string roots) =>
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
          "ReverseProxy": {
            "Clusters": {
              "echo": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4501" } } },
              "encrypted": { "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "tls://localhost:4502" } } },
              "header": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4503" } } },
              "watched": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4504" } } },
              "banner": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4505" } } },
              "peer": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4506" } } },
              "dead": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4599" } } }
            }
          },
          "Streams": {
            "echo": { "Tls": "Terminate", "ClusterId": "echo", "Match": { "Ports": "{{Echo}}" } },
            "encrypted": { "Tls": "Terminate", "ClusterId": "encrypted", "Match": { "Ports": "{{Encrypted}}", "Alpn": ["h2", "http/1.1"] } },
            "header": { "Tls": "Terminate", "ClusterId": "header", "ProxyProtocol": "v2", "Match": { "Ports": "{{Header}}" } },
            "watched": { "Tls": "Terminate", "ClusterId": "watched", "Match": { "Ports": "{{Watched}}" } },
            "protocols": { "Tls": "Terminate", "ClusterId": "peer", "Match": { "Ports": "{{Protocols}}", "Alpn": ["postgresql", "h2"] } },
            "inside": { "Tls": "Terminate", "ClusterId": "echo", "Match": { "Ports": "{{Both}}" } },
            "around": { "ClusterId": "banner", "Match": { "Ports": "{{Both}}" } },
            "idle": { "Tls": "Terminate", "ClusterId": "echo", "IdleTimeout": "00:00:01", "Match": { "Ports": "{{Idle}}" } },
            "peer": { "Tls": "Terminate", "ClusterId": "peer", "Match": { "Ports": "{{Peer}}" } },
            "dead": { "Tls": "Terminate", "ClusterId": "dead", "Match": { "Ports": "{{Dead}}" } },
            "few": { "Tls": "Terminate", "ClusterId": "echo", "MaxConnections": 1, "Match": { "Ports": "{{Few}}" } }
          },
          "Tls": {
            "HandshakeTimeout": "00:00:10",
            "Certificates": {
              "web": { "Path": "{{Authority.PathOf("web")}}" },
              "mutual": { "Path": "{{Authority.PathOf("mutual")}}", "ClientCertificates": "Require", "ClientRoots": "{{Authority.Root}}" }
            }
          },
          "Lifetime": { "DrainTimeout": "00:00:01" },
          "Logging": { "LogLevel": { "Default": "Debug" } }
        }
        """;
}
