using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Tls.Upstream;

/// <summary>One proxy, and origins with TLS of all manners, each behind a port of its own.</summary>
public sealed class HttpsScene : Scene
{
    private readonly TemporaryDirectory _files;

    public HttpsScene()
    {
        _files = Own(new TemporaryDirectory());
        Authority = Own(new CertificateAuthority(_files, "authority"));
        Arrange(() =>
        {
            var good = Authority.Issue("good", ["localhost", "127.0.0.1"]);
            Own(new TlsNginx(
                Namespace,
                new(4431, good),
                new(4432, Authority.Issue("other", ["other.test"])),
                new(4433, Authority.Issue("expired", ["localhost"], DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-10))),
                new(4434, good, Directives: $"ssl_verify_client on; ssl_client_certificate {Authority.File};"),
                new(4435, good, "http2"),
                new(4436, null, "http2"),
                new(4437, good, "proxy_protocol"),
                new(4438, Authority.Issue("wild", ["*.example.com"]))));
            var (certificate, key) = Authority.Issue("proxy", ["proxy.test"]);
            Roots = _files.Write("roots.pem", File.ReadAllText(_files.Write("stranger.pem", Stranger())));
            Everyport = Own(RunningEveryport.Start(Namespace, Configuration(Authority.File, certificate, key, Roots)));
        });
    }

    public CertificateAuthority Authority { get; }

    /// <summary>The file with the authorities of one cluster; at first a stranger's.</summary>
    public string Roots { get; private set; } = null!;

    internal RunningEveryport Everyport { get; private set; } = null!;

    private string Stranger()
    {
        using var stranger = new CertificateAuthority(_files, "stranger");
        return File.ReadAllText(stranger.File);
    }

    private static string Configuration(string roots, string certificate, string key, string changing) =>
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
          "ReverseProxy": {
            "Routes": {
              "named": { "ClusterId": "named", "Match": { "Path": "{**rest}", "Ports": "1" } },
              "literal": { "ClusterId": "literal", "Match": { "Path": "{**rest}", "Ports": "2" } },
              "wrong-name": { "ClusterId": "wrong-name", "Match": { "Path": "{**rest}", "Ports": "3" }, "Transforms": [{ "RequestHeaderOriginalHost": "true" }] },
              "server-name": { "ClusterId": "server-name", "Match": { "Path": "{**rest}", "Ports": "4" } },
              "expired": { "ClusterId": "expired", "Match": { "Path": "{**rest}", "Ports": "5" } },
              "system": { "ClusterId": "system", "Match": { "Path": "{**rest}", "Ports": "6" } },
              "any": { "ClusterId": "any", "Match": { "Path": "{**rest}", "Ports": "7" } },
              "client": { "ClusterId": "client", "Match": { "Path": "{**rest}", "Ports": "8" } },
              "clients-name": { "ClusterId": "clients-name", "Match": { "Path": "{**rest}", "Ports": "9" }, "Transforms": [{ "RequestHeaderOriginalHost": "true" }] },
              "h2": { "ClusterId": "h2", "Match": { "Path": "{**rest}", "Ports": "10" } },
              "h2c": { "ClusterId": "h2c", "Match": { "Path": "{**rest}", "Ports": "11" } },
              "header": { "ClusterId": "header", "Match": { "Path": "{**rest}", "Ports": "12" } },
              "changing": { "ClusterId": "changing", "Match": { "Path": "{**rest}", "Ports": "13" } },
              "checked": { "ClusterId": "checked", "Match": { "Path": "{**rest}", "Ports": "14" } },
              "exact": { "ClusterId": "exact", "Match": { "Path": "{**rest}", "Ports": "15" } }
            },
            "Clusters": {
              "named": { "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "https://localhost:4431/" } } },
              "literal": { "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "https://127.0.0.1:4431/" } } },
              "wrong-name": { "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "https://localhost:4432/" } } },
              "server-name": { "Tls": { "Roots": "{{roots}}", "ServerName": "other.test" }, "Destinations": { "a": { "Address": "https://127.0.0.1:4432/" } } },
              "expired": { "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "https://localhost:4433/" } } },
              "system": { "Destinations": { "a": { "Address": "https://localhost:4431/" } } },
              "any": { "HttpClient": { "DangerousAcceptAnyServerCertificate": true, "SslProtocols": ["Tls12"] }, "Destinations": { "a": { "Address": "https://localhost:4433/" } } },
              "client": { "Tls": { "Roots": "{{roots}}", "CertificatePath": "{{certificate}}", "KeyPath": "{{key}}" }, "Destinations": { "a": { "Address": "https://localhost:4434/" } } },
              "clients-name": { "Tls": { "Roots": "{{roots}}", "ServerName": "{host}" }, "Destinations": { "a": { "Address": "https://127.0.0.1:4438/" } } },
              "h2": { "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "https://localhost:4435/" } } },
              "h2c": { "HttpRequest": { "Version": "2", "VersionPolicy": "RequestVersionExact" }, "Destinations": { "a": { "Address": "http://localhost:4436/" } } },
              "header": { "ProxyProtocol": "v2", "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "https://localhost:4437/" } } },
              "changing": { "Tls": { "Roots": "{{changing}}" }, "Destinations": { "a": { "Address": "https://localhost:4431/" } } },
              "checked": {
                "Tls": { "Roots": "{{roots}}" }, "LoadBalancingPolicy": "FirstAlphabetical",
                "HealthCheck": { "Active": { "Enabled": true, "Interval": "00:00:01", "Timeout": "00:00:30", "Policy": "ConsecutiveFailures" } },
                "Destinations": { "a": { "Address": "https://localhost:4433/" }, "b": { "Address": "https://localhost:4431/" } }
              },
              "exact": { "HttpRequest": { "Version": "1.1", "VersionPolicy": "RequestVersionExact" }, "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "https://localhost:4435/" } } }
            }
          }
        }
        """;
}
