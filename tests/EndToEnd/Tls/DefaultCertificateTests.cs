using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Tls;

/// <summary>Clients that ask for no name, or for one that nobody has: a default certificate takes them, or the catch-all.</summary>
public sealed class DefaultCertificateTests
{
    [KernelTheory]
    [InlineData("a.example.com", "named")]
    [InlineData("unknown.example.org", "default")]
    [InlineData(null, "default")]
    public void The_default_is_for_all_who_have_no_certificate_of_their_own(string? name, string certificate)
    {
        using var scene = new DefaultScene(hosts: """["*"]""");
        Assert.Contains($"subject=CN = {certificate}\n", scene.OpenSsl(name), StringComparison.Ordinal);
        Assert.Equal("GET /a", DemoAnswer.Parse(scene.Namespace.Exec("curl", "-sSk", "--max-time", "60", "https://127.100.1.2/a")).Request);
    }

    [KernelTheory]
    [InlineData("a.example.com", "named")]
    [InlineData("unknown.example.org", "passed")]
    [InlineData(null, "passed")]
    public void Without_a_default_the_catch_all_has_them(string? name, string certificate)
    {
        using var scene = new DefaultScene(hosts: """["default.example.com"]""");
        Assert.Contains($"subject=CN = {certificate}\n", scene.OpenSsl(name), StringComparison.Ordinal);
    }

    private sealed class DefaultScene : Scene
    {
        public DefaultScene(string hosts) => Arrange(() =>
        {
            var authority = Own(new Authority());
            authority.Issue("named", ["a.example.com"]);
            authority.Issue("default", ["default.example.com"]);
            Own(new TlsServer(Namespace, "127.0.0.1", 4401, "passed", "localhost"));
            Own(RunningEveryport.Start(Namespace,
                $$"""
                {
                  "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
                  "ReverseProxy": {
                    "Routes": { "web": { "ClusterId": "demo", "Match": { "Path": "{**rest}" }, "Transforms": [
                      { "Forwarded": "for,by,host,proto", "ForFormat": "IpAndPort", "ByFormat": "IpAndPort" }, { "RequestHeader": "X-Route", "Set": "web" }] } },
                    "Clusters": {
                      "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } },
                      "passed": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:4401" } } }
                    }
                  },
                  "Streams": { "rest": { "ClusterId": "passed" } },
                  "Tls": { "Certificates": { "named": { "Path": "{{authority.PathOf("named")}}" }, "default": { "Path": "{{authority.PathOf("default")}}", "Hosts": {{hosts}} } } },
                  "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
                }
                """));
        });

        public string OpenSsl(string? name)
        {
            string[] naming = name is null ? ["-noservername"] : ["-servername", name];
            return Namespace.TryExec("openssl", ["s_client", "-connect", "127.100.1.2:443", .. naming]).Output;
        }
    }
}
