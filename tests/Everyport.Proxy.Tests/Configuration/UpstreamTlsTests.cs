using System.Text.Json;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>The key <c>Tls</c> of clusters of both kinds.</summary>
public sealed class UpstreamTlsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CertificateAuthority _authority;

    public UpstreamTlsTests() => _authority = new CertificateAuthority(_directory, "authority");

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("https://10.0.0.5:8443/")]
    [InlineData("tls://10.0.0.5:8443")]
    public void Everything_that_it_can_have_is_read(string address)
    {
        var (certificate, key) = _authority.Issue("proxy", ["proxy.test"]);
        var configuration = Read(Cluster(address, new { Roots = _authority.File, CertificatePath = certificate, KeyPath = key, ServerName = "db.test" }));
        var settings = Assert.Single(configuration.UpstreamTls).Value;
        Assert.Equal((_authority.File, certificate, key, "db.test"), (settings.Roots, settings.CertificatePath, settings.KeyPath, settings.ServerName));
    }

    [Fact]
    public void A_name_that_the_client_asks_for_is_meant_by_a_placeholder() =>
        Assert.Equal("{host}", Assert.Single(Read(Cluster("https://10.0.0.5/", new { ServerName = "{host}" })).UpstreamTls).Value.ServerName);

    [Theory]
    [InlineData("http://10.0.0.5/")]
    [InlineData("tcp://10.0.0.5:5432")]
    [InlineData("udp://10.0.0.5:53")]
    public void It_is_an_error_where_nothing_is_encrypted(string address) => AssertErrors(
        Cluster(address, new { ServerName = "db.test" }),
        "ReverseProxy:Clusters:c:Tls: has no meaning, as no destination of the cluster is 'https' or 'tls'; remove it, or change the addresses");

    [Theory]
    [InlineData("https://10.0.0.5/")]
    [InlineData("tls://10.0.0.5:5432")]
    public void All_that_is_wrong_is_told_at_once(string address) => AssertErrors(
        Cluster(address, new { Roots = "/nowhere/ca.pem", KeyPath = _authority.File, Password = "x", ServerName = "a b", Servername2 = "x" }),
        "ReverseProxy:Clusters:c:Tls:Roots: the file '/nowhere/ca.pem' does not exist",
        "ReverseProxy:Clusters:c:Tls:KeyPath: has no meaning without CertificatePath",
        "ReverseProxy:Clusters:c:Tls:Password: has no meaning without CertificatePath",
        "ReverseProxy:Clusters:c:Tls:ServerName: 'a b' is not the name of a host, nor '{host}' for the one that the client asks for",
        "ReverseProxy:Clusters:c:Tls:Servername2: is an unknown key; did you mean 'ServerName'?");

    [Fact]
    public void Files_are_tried()
    {
        var (certificate, key) = _authority.Issue("proxy", ["proxy.test"]);
        var (_, otherKey) = _authority.Issue("other", ["proxy.test"]);
        const string path = "ReverseProxy:Clusters:c:Tls";
        AssertErrors(Cluster("tls://10.0.0.5:1", new { Roots = key }), $"{path}:Roots: the file '{key}' holds no certificate in PEM");
        AssertErrors(Cluster("tls://10.0.0.5:1", new { CertificatePath = certificate }), $"{path}:CertificatePath: the file '{certificate}' holds no private key in PEM; name the file that does in KeyPath");
        AssertErrors(Cluster("tls://10.0.0.5:1", new { CertificatePath = certificate, KeyPath = otherKey }), $"{path}:KeyPath: the key in '{otherKey}' does not belong to the certificate in '{certificate}'");
        var nonsense = _directory.Write("nonsense", "nonsense");
        AssertErrors(Cluster("tls://10.0.0.5:1", new { CertificatePath = nonsense }), $"{path}:CertificatePath: the file '{nonsense}' is neither PEM nor a PFX file that opens with no password; set Password if it has one");
    }

    private static string Cluster(string address, object tls) =>
        JsonSerializer.Serialize(new { ReverseProxy = new { Clusters = new { c = new { Tls = tls, Destinations = new { a = new { Address = address } } } } } });
}
