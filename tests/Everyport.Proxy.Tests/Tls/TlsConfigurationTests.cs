using System.Security.Authentication;
using Everyport.Proxy.Tests.Configuration;
using Everyport.Proxy.Tls;
using static Everyport.Proxy.Tests.Tls.SomeCertificates;

namespace Everyport.Proxy.Tests.Tls;

/// <summary>The section <c>Tls</c>.</summary>
public sealed class TlsConfigurationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _a, _b;

    public TlsConfigurationTests()
    {
        _a = _directory.Write("a.pem", PemOf(SelfSigned(["a.example.com", "*.a.example.com"])));
        _b = _directory.Write("b.pem", PemOf(SelfSigned(["b.example.com", "a.example.com"])));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Everything_can_be_said()
    {
        var settings = Configurations.Read($$"""
            { "Tls": { "HandshakeTimeout": "00:00:05", "Certificates": {
              "a": { "Path": "{{_a}}" },
              "b": { "Hosts": ["b.example.com", "*"], "Path": "{{_b}}", "KeyPath": "{{_b}}", "MinVersion": "1.3", "ClientCertificates": "require", "ClientRoots": "{{_a}}" } } } }
            """).Tls;
        Assert.Equal(TimeSpan.FromSeconds(5), settings.HandshakeTimeout);
        var (a, b) = (settings.Certificates[0], settings.Certificates[1]);
        Assert.Equal(("a", SslProtocols.Tls12 | SslProtocols.Tls13, ClientCertificateMode.Off, false), (a.Name, a.Config.Protocols, a.Config.ClientCertificates, a.Hosts.IsDefault));
        Assert.Equal(["a.example.com", "*.a.example.com"], a.Hosts.Names.Select(name => name.ToString()));
        Assert.Equal(("b", SslProtocols.Tls13, ClientCertificateMode.Require, true), (b.Name, b.Config.Protocols, b.Config.ClientCertificates, b.Hosts.IsDefault));
        Assert.Single(b.Loaded.Clients!.Roots);
    }

    [Fact]
    public void Routes_that_get_round_a_client_certificate_are_warned_of()
    {
        var warnings = Configurations.Read($$"""
            {
              "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
              "Tls": { "Certificates": { "strict": { "Path": "{{_b}}", "KeyPath": "{{_b}}", "ClientCertificates": "Require", "ClientRoots": "{{_a}}" } } },
              "ReverseProxy": {
                "Routes": {
                  "open": { "ClusterId": "web", "Match": { "Path": "/open/{**rest}" } },
                  "named": { "ClusterId": "web", "Match": { "Path": "{**rest}", "Hosts": ["b.example.com"] } }
                },
                "Clusters": { "web": { "Destinations": { "a": { "Address": "http://10.0.0.5/" } } } }
              }
            }
            """).Warnings;
        var warning = Assert.Single(warnings, warning => warning.Contains("client certificate", StringComparison.Ordinal));
        Assert.StartsWith("ReverseProxy:Routes:open: names no 'Hosts'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_section_there_are_no_certificates() => Assert.Empty(Configurations.Read("{}").Tls.Certificates);

    [Fact]
    public void All_errors_are_told_at_once() => Configurations.AssertErrors(
        """
        { "Tls": { "Certificate": {}, "HandshakeTimeout": "5", "Certificates": {
          "nothing": {},
          "wrong": { "Path": "/nowhere/a.pem", "KeyPat": "x", "Hosts": ["192.0.2.1", "-"], "MinVersion": "1.1", "ClientCertificates": "Maybe", "ClientRoots": "/nowhere/b.pem" },
          "rootless": { "Path": "/nowhere/a.pem", "ClientCertificates": "Request" } } } }
        """,
        "Tls:Certificate: is an unknown key; did you mean 'Certificates'?",
        "Tls:HandshakeTimeout: '5' is not a time span above zero and up to one day, such as '00:00:03'",
        "Tls:Certificates:nothing:Path: is missing; expected the file of the certificate, such as 'tls/example.pem'",
        $"Tls:Certificates:wrong:Path: the file '/nowhere/a.pem' does not exist; a relative path starts at the working directory, '{Environment.CurrentDirectory}'",
        "Tls:Certificates:wrong:KeyPat: is an unknown key; did you mean 'KeyPath'?",
        "Tls:Certificates:wrong:Hosts:0: '192.0.2.1' is an address, for which clients send no name (RFC 6066); use '*' for clients without one",
        "Tls:Certificates:wrong:Hosts:1: '-' is not a host name such as 'a.example.com' or '*.example.com'",
        "Tls:Certificates:wrong:MinVersion: '1.1' is not a version of TLS; expected '1.2' or '1.3'",
        "Tls:Certificates:wrong:ClientCertificates: 'Maybe' is not one of 'Off', 'Request', 'Require'",
        "Tls:Certificates:wrong:ClientRoots: has no meaning without ClientCertificates; set that to 'Request' or 'Require'",
        $"Tls:Certificates:wrong:ClientRoots: the file '/nowhere/b.pem' does not exist; a relative path starts at the working directory, '{Environment.CurrentDirectory}'",
        "Tls:Certificates:rootless:ClientRoots: is missing; expected a PEM file with the authorities that clients' certificates come from",
        $"Tls:Certificates:rootless:Path: the file '/nowhere/a.pem' does not exist; a relative path starts at the working directory, '{Environment.CurrentDirectory}'");

    [Fact]
    public void One_host_in_two_certificates_is_an_error_that_names_both() => Configurations.AssertErrors(
        $$"""
        { "Tls": { "Certificates": {
          "a": { "Path": "{{_a}}" }, "b": { "Path": "{{_b}}" },
          "c": { "Path": "{{_a}}", "Hosts": "*" }, "d": { "Path": "{{_a}}", "Hosts": ["d.example.com", "*"] }, "e": { "Path": "{{_a}}", "Hosts": [] } } } }
        """,
        "Tls:Certificates:b:Hosts: has 'a.example.com' (in its file), which the certificate 'a' has too (in its file); leave it to one of them",
        "Tls:Certificates:d:Hosts: has '*', which the certificate 'c' has too; leave it to one of them",
        "Tls:Certificates:e:Hosts: is empty; expected names such as 'a.example.com' or '*.example.com', or '*' for all clients. Leave it out for the names in the certificate");

    [Fact]
    public void A_host_that_the_certificate_does_not_name_is_a_warning()
    {
        var warnings = Warnings($$""" { "Path": "{{_a}}", "Hosts": ["a.example.com", "x.a.example.com", "x.y.a.example.com", "*"] } """);
        Assert.Equal(
            ["Tls:Certificates:it:Hosts: 'x.y.a.example.com' is not among the names of the certificate (a.example.com, *.a.example.com), so that clients refuse it"],
            warnings);
    }

    [Theory]
    [InlineData(-9, -1, "has expired on")]
    [InlineData(-9, 5, "expires on")]
    [InlineData(-9, 29, "expires on")]
    [InlineData(2, 99, "is not valid before")]
    [InlineData(-9, 31, null)]
    public void A_certificate_that_is_not_valid_now_or_not_for_long_is_a_warning(int from, int to, string? warning)
    {
        var path = _directory.Write("old.pem", PemOf(SelfSigned(["o.example.com"], notBefore: Now.AddDays(from), notAfter: Now.AddDays(to).AddHours(1))));
        var warnings = Warnings($$""" { "Path": "{{path}}" } """);
        if (warning is null)
            Assert.Empty(warnings);
        else
            Assert.StartsWith($"Tls:Certificates:it: the certificate 'CN=o.example.com' {warning} ", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Warnings(string certificate) =>
        Configurations.Read($$""" { "Tls": { "Certificates": { "it": {{certificate}} } } } """).Warnings;
}
