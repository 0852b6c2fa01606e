using System.Net;
using Everyport.Proxy.Tests.Tls;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Admin;

/// <summary>What is read from <c>Admin</c>.</summary>
public class AdminConfigurationTests
{
    private const string Token = "0123456789abcdef";

    [Fact]
    public void It_listens_on_loopback_and_asks_for_no_token_unless_told_otherwise()
    {
        var admin = Read("{}").Admin;
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9464), admin.Listen);
        Assert.True(admin is { Token: null, Certificate: null, AllowAnonymous: false, Hosts.Count: 0, IsLocal: true });
    }

    [Theory]
    [InlineData("0.0.0.0:9464")]
    [InlineData("[::]:9464")]
    [InlineData("192.0.2.1:9464")]
    public void Beyond_loopback_it_needs_a_token(string listen) => AssertErrors(
        $$"""{ "Admin": { "Listen": "{{listen}}" } }""",
        $"Admin:Listen: '{listen}' is open to others than this machine, who would see everything and could stop the proxy. Set 'Admin:Token' or 'Admin:TokenPath', "
            + "or give an address of loopback such as '127.0.0.1:9464'. With \"AllowAnonymous\": true it is open as it is");

    [Theory]
    [InlineData("127.1.2.3:9464")]
    [InlineData("[::1]:9464")]
    public void On_loopback_it_needs_none(string listen) => Assert.Empty(Read($$"""{ "Admin": { "Listen": "{{listen}}" } }""").Warnings);

    [Fact]
    public void Beyond_loopback_without_a_token_is_allowed_when_told_so_and_warned_of() => Assert.Equal(
        ["Admin:Listen: '0.0.0.0:9464' is open to others than this machine, and asks nobody for a token"],
        Read("""{ "Admin": { "Listen": "0.0.0.0:9464", "AllowAnonymous": true } }""").Warnings);

    [Fact]
    public void A_token_beyond_loopback_without_tls_is_warned_of()
    {
        var configuration = Read($$"""{ "Admin": { "Listen": "0.0.0.0:9464", "Token": "{{Token}}" } }""");
        Assert.True(configuration.Admin.Token!.Matches(Token));
        Assert.False(configuration.Admin.Token.Matches(Token + "0"));
        Assert.Equal(
            ["Admin:Listen: '0.0.0.0:9464' is open to others than this machine, without TLS: who can listen on the way reads the token. Set 'Admin:Certificate'"],
            configuration.Warnings);
    }

    [Fact]
    public void The_token_and_the_certificate_may_be_in_files()
    {
        using var directory = new TemporaryDirectory();
        using var certificate = SomeCertificates.SelfSigned(["admin.example.com"]);
        var (token, pem) = (directory.Write("token", Token + "\n"), directory.Write("admin.pem", SomeCertificates.PemOf(certificate)));
        var configuration = Read($$"""{ "Admin": { "Listen": "0.0.0.0:9464", "TokenPath": "{{token}}", "Certificate": { "Path": "{{pem}}" } } }""");
        Assert.True(configuration.Admin.Token!.Matches(Token));
        Assert.Equal(certificate.Thumbprint, configuration.Admin.Certificate!.Loaded.Leaf.Thumbprint);
        Assert.Empty(configuration.Warnings);
    }

    [Theory]
    [InlineData("127.0.0.1:9464", "http://127.0.0.1:9464/", "tcp://127.0.0.1:9464")]
    [InlineData("0.0.0.0:9464", "https://127.0.0.7:9464/", "tls://127.0.0.1:9464")]
    [InlineData("[::1]:9464", "http://[::1]:9464/path", "tcp://[::1]:9464")]
    public void No_destination_is_the_admin_host(string listen, string http, string tcp)
    {
        const string refusal = "is the admin host (Admin:Listen), to which nothing that is steered may lead; have it listen where those reach it who need it, with a token";
        AssertErrors(
            Destinations(listen, http, tcp),
            $"ReverseProxy:Clusters:web:Destinations:a:Address: '{http}' {refusal}",
            $"ReverseProxy:Clusters:raw:Destinations:a:Address: '{tcp}' {refusal}");
    }

    [Theory]
    [InlineData("127.0.0.1:9464", "http://127.0.0.1:9465/", "tcp://127.0.0.2:9464")]
    [InlineData("0.0.0.0:9464", "http://192.0.2.1:9464/", "tcp://admin.example.com:9464")]
    public void Others_with_its_port_are_fine(string listen, string http, string tcp) => Read(Destinations(listen, http, tcp));

    [Fact]
    public void What_is_wrong_is_told_without_the_token()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("token", "");
        AssertErrors(
            $$"""{ "Admin": { "Listen": "localhost", "Token": "short", "AllowAnonymous": "maybe", "Tokens": "x", "Hosts": ["192.0.2.1", "a:80", "fine.example.com"], "Certificate": { "KeyPath": "x" } } }""",
            "Admin:Listen: 'localhost' is not an address with a port, such as '127.0.0.1:9464' or '[::1]:9464'",
            "Admin:Token: has 5 characters, and could be guessed; expected 16 or more, such as 'openssl rand -hex 24' makes",
            "Admin:AllowAnonymous: 'maybe' is neither 'true' nor 'false'",
            "Admin:Tokens: is an unknown key; did you mean 'Token'?",
            "Admin:Hosts:0: '192.0.2.1' is not a name such as 'everyport.example.com'; addresses need no mention",
            "Admin:Hosts:1: 'a:80' is not a name such as 'everyport.example.com'; addresses need no mention",
            "Admin:Certificate:Path: is missing; expected the file of the certificate, such as 'tls/admin.pem'");
        AssertErrors(
            $$"""{ "Admin": { "Token": "with space and more", "TokenPath": "{{path}}" } }""",
            "Admin:Token: holds characters that a token cannot have; expected letters, digits and -._~+/=",
            "Admin:TokenPath: has no meaning beside 'Token'; leave out one of them",
            $"Admin:TokenPath: what the file '{path}' holds has 0 characters, and could be guessed; expected 16 or more, such as 'openssl rand -hex 24' makes");
        AssertErrors(
            """{ "Admin": { "Token": "with space and more" } }""",
            "Admin:Token: holds characters that a token cannot have; expected letters, digits and -._~+/=");
    }

    private static string Destinations(string listen, string http, string tcp) =>
        $$"""
        { "Admin": { "Listen": "{{listen}}", "Token": "{{Token}}" },
          "ReverseProxy": {
            "Routes": { "web": { "ClusterId": "web", "Match": { "Path": "{**rest}" } } },
            "Clusters": { "web": { "Destinations": { "a": { "Address": "{{http}}" } } }, "raw": { "Destinations": { "a": { "Address": "{{tcp}}" } } } } },
          "Streams": { "raw": { "ClusterId": "raw", "Match": { "Ports": "7" } } } }
        """;
}
