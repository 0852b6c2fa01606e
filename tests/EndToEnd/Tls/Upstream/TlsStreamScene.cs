using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Tls.Upstream;

/// <summary>One proxy with streams to servers with TLS: nginx tells what it has seen to whoever speaks HTTP inside the stream.</summary>
public sealed class TlsStreamScene : Scene
{
    public TlsStreamScene()
    {
        var files = Own(new TemporaryDirectory());
        var authority = Own(new CertificateAuthority(files, "authority"));
        Arrange(() =>
        {
            var good = authority.Issue("good", ["localhost", "127.0.0.1"]);
            Own(new TlsNginx(
                Namespace,
                new(4431, good),
                new(4432, authority.Issue("other", ["other.test"])),
                new(4433, authority.Issue("expired", ["localhost"], DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-10))),
                new(4434, good, Directives: $"ssl_verify_client on; ssl_client_certificate {authority.File};"),
                new(4437, good, "proxy_protocol")));
            var (certificate, key) = authority.Issue("proxy", ["proxy.test"]);
            Everyport = Own(RunningEveryport.Start(Namespace, Configuration(authority.File, certificate, key)));
        });
    }

    internal RunningEveryport Everyport { get; private set; } = null!;

    private static string Configuration(string roots, string certificate, string key) =>
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
          "ReverseProxy": {
            "Clusters": {
              "named": { "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "tls://localhost:4431" } } },
              "literal": { "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "tls://127.0.0.1:4431" } } },
              "wrong-name": { "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "tls://localhost:4432" } } },
              "server-name": { "Tls": { "Roots": "{{roots}}", "ServerName": "other.test" }, "Destinations": { "a": { "Address": "tls://localhost:4432" } } },
              "second": { "Tls": { "Roots": "{{roots}}" }, "LoadBalancingPolicy": "FirstAlphabetical", "Destinations": { "a": { "Address": "tls://localhost:4433" }, "b": { "Address": "tls://localhost:4431" } } },
              "client": { "Tls": { "Roots": "{{roots}}", "CertificatePath": "{{certificate}}", "KeyPath": "{{key}}" }, "Destinations": { "a": { "Address": "tls://localhost:4434" } } },
              "header": { "Tls": { "Roots": "{{roots}}" }, "Destinations": { "a": { "Address": "tls://localhost:4437" } } },
              "checked": {
                "Tls": { "Roots": "{{roots}}" },
                "HealthCheck": { "Active": { "Enabled": true, "Interval": "00:00:01", "Timeout": "00:00:30" } },
                "Destinations": { "a": { "Address": "tls://localhost:4433" }, "b": { "Address": "tls://localhost:4431" } }
              }
            }
          },
          "Streams": {
            "named": { "ClusterId": "named", "Match": { "Ports": "1" } },
            "literal": { "ClusterId": "literal", "Match": { "Ports": "2" } },
            "wrong-name": { "ClusterId": "wrong-name", "Match": { "Ports": "3" } },
            "server-name": { "ClusterId": "server-name", "Match": { "Ports": "4" } },
            "second": { "ClusterId": "second", "Match": { "Ports": "5" } },
            "client": { "ClusterId": "client", "Match": { "Ports": "8" } },
            "header": { "ClusterId": "header", "ProxyProtocol": "v2", "Match": { "Ports": "12" } },
            "checked": { "ClusterId": "checked", "Match": { "Ports": "14" } }
          }
        }
        """;
}
