using Everyport.Proxy.Tls;
using static Everyport.Proxy.Tests.Tls.SomeCertificates;

namespace Everyport.Proxy.Tests.Tls;

/// <summary>Which certificate is shown for a name.</summary>
public class CertificateDirectoryTests
{
    [Theory]
    [InlineData("a.example.com", "exact")]
    [InlineData("A.Example.COM", "exact")]
    [InlineData("b.example.com", "short")]
    [InlineData("x.b.example.com", "long")]
    [InlineData("y.x.b.example.com", "long")]
    [InlineData("example.com", "default")]
    [InlineData("a.example.org", "default")]
    [InlineData("com", "default")]
    [InlineData("", "default")]
    [InlineData(".example.com", "default")]
    [InlineData("127.0.0.1", "default")]
    public void An_exact_name_goes_before_a_wildcard_a_longer_one_before_a_shorter_one_and_the_default_comes_last(string name, string certificate)
    {
        var directory = new CertificateDirectory([Served("default", "*"), Served("short", "*.example.com"), Served("long", "*.b.example.com"), Served("exact", "a.example.com")]);
        Assert.Equal(certificate, directory.Find(name)?.Name);
    }

    [Fact]
    public void Without_a_default_an_unknown_name_and_none_have_no_certificate()
    {
        var directory = new CertificateDirectory([Served("a", "a.example.com", "*.b.example.com")]);
        Assert.Null(directory.Find("c.example.com"));
        Assert.Null(directory.Find(""));
        Assert.Null(directory.Find("b.example.com"));
        Assert.Null(CertificateDirectory.None.Find("a.example.com"));
    }

    [Fact]
    public void Among_ten_thousand_names_one_is_found_without_a_look_at_the_others()
    {
        var directory = new CertificateDirectory([.. Enumerable.Range(0, 10_000).Select(i => Served($"c{i}", $"h{i}.example.com", $"*.w{i}.example.com"))]);
        Assert.Equal("c9999", directory.Find("h9999.example.com")?.Name);
        Assert.Equal("c9999", directory.Find("deep.below.w9999.example.com")?.Name);
        Assert.Null(directory.Find("h10000.example.com"));

        // Nothing is allocated, so that nothing is gone through.
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1000; i++)
                directory.Find("deep.below.w9999.example.com");
        }));
    }

    [Fact]
    public void The_names_in_the_certificate_count_where_no_hosts_are_given()
    {
        var served = new ServedCertificate(new CertificateConfig("a", "a.pem"), Load(SelfSigned(["a.example.com", "*.b.example.com"])));
        var directory = new CertificateDirectory([served]);
        Assert.Same(served, directory.Find("a.example.com"));
        Assert.Same(served, directory.Find("x.b.example.com"));
        Assert.Null(directory.Find("b.example.com"));
    }

    [Theory]
    [InlineData("a.example.com", "a.example.com", true)]
    [InlineData("*.example.com", "a.example.com", true)]
    [InlineData("*.example.com", "b.a.example.com", false)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "*.example.com", true)]
    [InlineData("*.com", "*.example.com", false)]
    [InlineData("a.example.com", "*.example.com", false)]
    public void A_wildcard_in_a_certificate_covers_one_label(string name, string host, bool isCovered) =>
        Assert.Equal(isCovered, CertificateNames.Cover([Routing.Routes.Pattern(name)], Routing.Routes.Pattern(host)));

    [Fact]
    public void Two_certificates_with_one_host_contradict_each_other_and_names_inside_a_wildcard_do_not()
    {
        var conflicts = HostConflicts.Find([Served("a", "a.example.com", "*"), Served("b", "*.example.com", "b.example.com"), Served("c", "*.example.com", "A.example.com", "*")]);
        Assert.Equal(
            ["*.example.com: b, c", "a.example.com: a, c", "*: a, c"],
            conflicts.Select(conflict => $"{conflict.Host}: {conflict.First.Name}, {conflict.Second.Name}"));
    }
}
