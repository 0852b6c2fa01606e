using Everyport.Proxy.Configuration;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tests.Tls;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>What a stream may ask for, and how it is proxied.</summary>
public class StreamSettingsTests
{
    private const string Clusters =
        """
        "ReverseProxy": { "Clusters": {
          "pg": { "Destinations": { "a": { "Address": "tcp://10.0.0.6:5432" } } },
          "dns": { "Destinations": { "a": { "Address": "udp://10.0.0.7:53" } } }
        } }
        """;

    [Fact]
    public void All_of_it_is_read()
    {
        var stream = ReadOne(
            """
            "ClusterId": "pg", "ProxyProtocol": "V2", "SourceAddress": "client", "ConnectTimeout": "00:00:02", "DialAttempts": 16,
            "IdleTimeout": "off", "Lifetime": "08:00:00", "MaxConnections": 500,
            "Match": { "Sni": ["A.example.com", "*.bücher.example"], "Alpn": "postgresql", "Sources": ["10.0.0.0/8", "2001:db8::/32"] }
            """);
        Assert.Equal(
            new StreamSettings
            {
                ProxyProtocol = ProxyProtocolVersion.V2,
                SourceAddress = UpstreamSource.Client,
                ConnectTimeout = TimeSpan.FromSeconds(2),
                DialAttempts = 16,
                IdleTimeout = null,
                Lifetime = TimeSpan.FromHours(8),
                MaxConnections = 500,
            },
            stream.Settings);
        Assert.Equal(["a.example.com", "*.xn--bcher-kva.example"], stream.Tls.Sni.Select(name => name.ToString()));
        Assert.Equal(["postgresql"], stream.Tls.Alpn);
        Assert.Equal(["10.0.0.0/8", "2001:db8::/32"], stream.Match.Sources.Select(source => source.ToString()));
        Assert.False(stream.IsCatchAll);
    }

    [Fact]
    public void What_is_left_out_has_defaults()
    {
        var stream = ReadOne(""" "ClusterId": "pg", "Match": { "Sni": "a.example.com", "Alpn": ["h2", "http/1.1"] } """);
        Assert.Equal(new StreamSettings { IdleTimeout = TimeSpan.FromHours(1), ConnectTimeout = TimeSpan.FromSeconds(5), DialAttempts = 3 }, stream.Settings);
        Assert.Equal("a.example.com", Assert.Single(stream.Tls.Sni).ToString());
        Assert.True(ReadOne(""" "ClusterId": "pg", "Match": { "Sources": "10.0.0.0/8" } """).IsCatchAll);
    }

    [Fact]
    public void A_UDP_stream_may_have_an_idle_timeout_of_its_own()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), ReadOne(""" "ClusterId": "dns", "IdleTimeout": "00:00:05", "Match": { "Protocol": "udp" } """).Settings.IdleTimeout);
        Assert.Null(ReadOne(""" "ClusterId": "dns", "Match": { "Protocol": "udp" } """).Settings.IdleTimeout);
    }

    [Fact]
    public void What_is_for_UDP_is_read()
    {
        const string Protocol = """ "Match": { "Protocol": "udp" } """;
        Assert.Equal(
            new FlowSettings { MaxFlows = 7, SingleExchange = true, ReplyBudget = 3 },
            ReadOne($""" "ClusterId": "dns", "MaxFlows": 7, "SingleExchange": true, "ReplyBudget": 3, {Protocol} """).Settings.Flows);
        Assert.Equal(new FlowSettings { MaxFlows = null, SingleExchange = false, ReplyBudget = 100 }, ReadOne($""" "ClusterId": "dns", {Protocol} """).Settings.Flows);
        Assert.Null(ReadOne($""" "ClusterId": "dns", "ReplyBudget": "Off", {Protocol} """).Settings.Flows.ReplyBudget);
    }

    [Fact]
    public void Errors_of_what_is_for_UDP_are_told() => AssertErrors(
        $$"""{ {{Clusters}}, "Streams": { "dns": { "ClusterId": "dns", "MaxFlows": 0, "SingleExchange": "maybe", "ReplyBudget": 0, "Match": { "Protocol": "udp" } } } }""",
        "Streams:dns:MaxFlows: '0' is not a number from 1 to 2147483647",
        "Streams:dns:SingleExchange: 'maybe' is neither 'true' nor 'false'",
        "Streams:dns:ReplyBudget: '0' is neither 'off' nor a number from 1 to 1000000");

    [Theory]
    [InlineData("MaxFlows", "1")]
    [InlineData("SingleExchange", "true")]
    [InlineData("ReplyBudget", "off")]
    public void What_is_for_UDP_is_an_error_on_a_TCP_stream(string key, string value) => AssertErrors(
        $$"""{ {{Clusters}}, "Streams": { "pg": { "ClusterId": "pg", "{{key}}": "{{value}}" } } }""",
        $"Streams:pg:{key}: is a setting of UDP streams, but the stream is TCP");

    [Fact]
    public void Every_error_is_told() => AssertErrors(
        $$"""
        {
          {{Clusters}},
          "Streams": {
            "a": {
              "ClusterId": "pg", "ProxyProtocol": "v3", "SourceAddress": "Server", "ConnectTimeout": "5", "DialAttempts": 17, "IdleTimeout": "never",
              "Lifetime": "00:00:00", "MaxConnections": 0, "MaxConnection": 1,
              "Match": { "Sni": ["*", "192.0.2.1"], "Alpn": ["h 2", "h2"], "Sources": ["10.0.0.1/8", "::/0"], "Snl": "x" }
            },
            "b": { "ClusterId": "pg", "Match": { "Sni": "a b" } }
          }
        }
        """,
        "Streams:a:ProxyProtocol: 'v3' is not a version of the PROXY protocol; expected 'v1' or 'v2'",
        "Streams:a:SourceAddress: 'Server' is not a source address; expected 'Proxy' or 'Client'",
        "Streams:a:ConnectTimeout: '5' is not a time span above zero and up to one day, such as '00:00:03'",
        "Streams:a:DialAttempts: '17' is not a number from 1 to 16",
        "Streams:a:IdleTimeout: 'never' is not a time span above zero and up to one day, such as '00:00:03', or 'off'",
        "Streams:a:Lifetime: '00:00:00' is not a time span above zero and up to one day, such as '00:00:03', or 'off'",
        "Streams:a:MaxConnections: '0' is not a number from 1 to 2147483647",
        "Streams:a:MaxConnection: is an unknown key; did you mean 'MaxConnections'?",
        "Streams:a:Match:Sni:0: '*' is not a host name such as 'a.example.com' or '*.example.com'",
        "Streams:a:Match:Sni:1: '192.0.2.1' is an address, which no client may send as a server name (RFC 6066); use Addresses",
        "Streams:a:Match:Alpn:0: 'h 2' is not the name of a protocol such as 'h2' or 'http/1.1'",
        "Streams:a:Match:Sources:0: '10.0.0.1/8' has bits set beyond its length; write '10.0.0.0/8', or '10.0.0.1/32' for the one address",
        "Streams:a:Match:Snl: is an unknown key; did you mean 'Sni'?",
        "Streams:b:Match:Sni: 'a b' is not a host name such as 'a.example.com' or '*.example.com'");

    [Theory]
    [InlineData("ProxyProtocol", "v1")]
    [InlineData("SourceAddress", "Client")]
    [InlineData("ConnectTimeout", "00:00:05")]
    [InlineData("DialAttempts", "1")]
    [InlineData("Lifetime", "off")]
    [InlineData("MaxConnections", "1")]
    [InlineData("Tls", "Terminate")]
    [InlineData("Tls", "Passthrough")]
    public void What_is_for_TCP_is_an_error_on_a_UDP_stream(string key, string value) => AssertErrors(
        $$"""{ {{Clusters}}, "Streams": { "dns": { "ClusterId": "dns", "{{key}}": "{{value}}", "Match": { "Protocol": "udp" } } } }""",
        $"Streams:dns:{key}: is a setting of TCP streams, but the stream is UDP");

    [Fact]
    public void TLS_of_clients_passes_or_ends_here_where_there_is_a_certificate()
    {
        Assert.False(ReadOne(""" "ClusterId": "pg", "Tls": "passthrough" """).Tls.Terminates);
        AssertErrors(
            $$"""{ {{Clusters}}, "Streams": { "a": { "ClusterId": "pg", "Tls": "Terminate" }, "b": { "ClusterId": "pg", "Tls": "End" } } }""",
            "Streams:a:Tls: is 'Terminate', but there is no certificate to show; add one to Tls:Certificates",
            "Streams:b:Tls: 'End' is not one of 'Passthrough', 'Terminate'");
    }

    [Fact]
    public void A_stream_on_which_TLS_ends_takes_nothing_but_TLS()
    {
        using var directory = new TemporaryDirectory();
        var certificate = directory.Write("a.pem", SomeCertificates.PemOf(SomeCertificates.SelfSigned(["a.example.com"])));
        var stream = Assert.Single(Read(
            $$"""
            { {{Clusters}}, "Tls": { "Certificates": { "a": { "Path": "{{certificate}}" } } }, "Streams": { "pg": { "ClusterId": "pg", "Tls": "terminate" } } }
            """).Streams);
        Assert.True(stream.Tls.Terminates);
        Assert.False(stream.IsCatchAll);
    }

    [Fact]
    public void A_client_certificate_that_another_name_gets_round_is_warned_of()
    {
        using var directory = new TemporaryDirectory();
        var (a, b) = (Write("a"), Write("b"));
        var warnings = Read(
            $$"""
            {
              "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
              {{Clusters}},
              "Tls": { "Certificates": { "a": { "Path": "{{a}}" }, "b": { "Path": "{{b}}", "ClientCertificates": "Require", "ClientRoots": "{{a}}" } } },
              "Streams": { "open": { "ClusterId": "pg", "Tls": "Terminate" }, "named": { "ClusterId": "pg", "Tls": "Terminate", "Match": { "Sni": "b.example.com" } } }
            }
            """).Warnings;
        Assert.Contains(warnings, warning => warning.StartsWith("Streams:open: names no 'Match:Sni'", StringComparison.Ordinal));
        Assert.DoesNotContain(warnings, warning => warning.StartsWith("Streams:named: names", StringComparison.Ordinal));

        string Write(string name) => directory.Write($"{name}.pem", SomeCertificates.PemOf(SomeCertificates.SelfSigned([$"{name}.example.com"])));
    }

    [Fact]
    public void Of_a_certificate_that_cannot_be_read_only_that_is_told()
    {
        var message = Assert.Throws<ConfigurationException>(() => Read(
            $$"""
            { {{Clusters}}, "Tls": { "Certificates": { "a": { "Path": "/nowhere/a.pem" } } }, "Streams": { "pg": { "ClusterId": "pg", "Tls": "Terminate" } } }
            """)).Message;
        Assert.Contains("Tls:Certificates:a:Path: the file '/nowhere/a.pem' does not exist", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Streams:pg", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_always_has_an_idle_timeout() => AssertErrors(
        $$"""{ {{Clusters}}, "Streams": { "dns": { "ClusterId": "dns", "IdleTimeout": "off", "Match": { "Protocol": "udp", "Sni": ["a.example.com"], "Alpn": "h3" } } } }""",
        "Streams:dns:IdleTimeout: 'off' is not a time span above zero and up to one day, such as '00:00:03'");

    private static StreamRoute ReadOne(string stream) => Assert.Single(Read($$"""{ {{Clusters}}, "Streams": { "it": { {{stream}} } } }""").Streams);
}
