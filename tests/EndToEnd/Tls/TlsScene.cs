using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Tls;

/// <summary>A proxy that ends TLS for some names and passes it on for another, on every port.</summary>
public sealed class TlsScene : Scene
{
    public const string Address = "127.100.1.2";

    public TlsScene() => Arrange(() =>
    {
        Authority = Own(new Authority());
        Authority.Issue("web", ["a.example.com", "*.w.example.com"]);
        Authority.Issue("rsa", ["rsa.example.com"], isRsa: true);
        Authority.Issue("modern", ["modern.example.com"]);
        Authority.Issue("mutual", ["mutual.example.com"]);
        Authority.Issue("optional", ["optional.example.com"]);
        Authority.Issue("client", ["client.example.com"]);
        Strangers = Own(new Authority());
        Strangers.Issue("client", ["client.example.com"]);
        Own(new TlsServer(Namespace, "127.0.0.1", 4401, "passed", "s.example.com", "s.w.example.com"));
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration));
    });

    internal Authority Authority { get; private set; } = null!;

    /// <summary>One that nobody trusts.</summary>
    internal Authority Strangers { get; private set; } = null!;

    internal RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>Runs curl, which trusts the authority.</summary>
    internal string Curl(string host, int port, string path, params string[] options) =>
        Namespace.Exec("curl", CurlArguments(host, port, path, options));

    /// <summary>The same where it may fail.</summary>
    internal Command.Result TryCurl(string host, int port, string path, params string[] options) =>
        Namespace.TryExec("curl", CurlArguments(host, port, path, options));

    /// <summary>Runs OpenSSL's client for a server name, or none.</summary>
    internal Command.Result OpenSsl(string? name, params string[] options)
    {
        string[] naming = name is null ? ["-noservername"] : ["-servername", name];
        return Namespace.TryExec("openssl", ["s_client", "-connect", $"{Address}:443", "-CAfile", Authority.Root, .. naming, .. options]);
    }

    private string[] CurlArguments(string host, int port, string path, string[] options) =>
        ["-sS", "--max-time", "60", "--cacert", Authority.Root, "--resolve", $"{host}:{port}:{Address}", $"https://{host}:{port}{path}", .. options];

    private string Configuration =>
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
          "ReverseProxy": {
            "Routes": {
              "web": { "ClusterId": "demo", "Match": { "Path": "{**rest}" }, "Transforms": [
                { "Forwarded": "for,by,host,proto", "ForFormat": "IpAndPort", "ByFormat": "IpAndPort" }, { "RequestHeader": "X-Route", "Set": "web" }, { "ClientCert": "X-Client-Cert" }] }
            },
            "Clusters": {
              "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } },
              "passed": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4401" } } }
            }
          },
          "Streams": { "passed": { "ClusterId": "passed", "Match": { "Sni": ["s.example.com", "s.w.example.com"] } } },
          "Tls": {
            "HandshakeTimeout": "00:00:10",
            "Certificates": {
              "web": { "Path": "{{Authority.PathOf("web")}}" },
              "rsa": { "Path": "{{Authority.PathOf("rsa")}}" },
              "modern": { "Path": "{{Authority.PathOf("modern")}}", "MinVersion": "1.3" },
              "mutual": { "Path": "{{Authority.PathOf("mutual")}}", "ClientCertificates": "Require", "ClientRoots": "{{Authority.Root}}" },
              "optional": { "Path": "{{Authority.PathOf("optional")}}", "ClientCertificates": "Request", "ClientRoots": "{{Authority.Root}}" }
            }
          },
          "Limits": { "SniffTimeout": "00:10:00" },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;
}
