using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tls;
using static Everyport.Proxy.Tests.Routing.Routes;
using static Everyport.Proxy.Tests.Tls.SomeCertificates;

namespace Everyport.Proxy.Tests.Tls;

/// <summary>Who takes a TLS connection where there are certificates: HTTP routes, streams, or an alert.</summary>
public class TlsDecisionTests
{
    private static readonly CertificateDirectory Certificates = new([Served("a", "a.example.com"), Served("w", "*.w.example.com")]);

    [Fact]
    public void HTTP_takes_names_that_have_a_certificate_and_streams_the_names_that_they_ask_for()
    {
        var table = RouteTable.ForTcp([Tcp("named").WithSni("s.example.com", "s.w.example.com")], [HttpFor()]);
        Assert.Equal("HTTP with a", Decide(table, "a.example.com"));
        Assert.Equal("HTTP with w", Decide(table, "x.y.w.example.com"));
        Assert.Equal("named", Decide(table, "s.example.com"));
        Assert.Equal("named", Decide(table, "s.w.example.com"));
        Assert.Equal("alert", Decide(table, "other.example.com"));
        Assert.Equal("alert", Decide(table, null));
    }

    [Fact]
    public void What_has_no_certificate_goes_to_the_catch_all()
    {
        var table = RouteTable.ForTcp([Tcp("rest")], [HttpFor()]);
        Assert.Equal("HTTP with a", Decide(table, "a.example.com"));
        Assert.Equal("rest", Decide(table, "b.example.com"));
        Assert.Equal("rest", Decide(table, null));
        Assert.Equal("rest", Decide(table, "a.example.com", CertificateDirectory.None));
    }

    [Fact]
    public void The_precedence_is_that_of_all_routes()
    {
        var table = RouteTable.ForTcp([Tcp("wide", "1-1000").WithSni("a.example.com"), Tcp("mail", "465"), Tcp("first", order: -1).WithSni("x.w.example.com")], [HttpFor("443")]);
        Assert.Equal("HTTP with a", Decide(table, "a.example.com"));
        Assert.Equal("first", Decide(table, "x.w.example.com"));
        Assert.Equal("wide", Decide(table, "a.example.com", port: 444));
        Assert.False(table.Decide(Connection("192.0.2.1:466")).Resolve(Tls("b.example.com"), Certificates).IsHttp);
        Assert.Equal("mail", RouteTable.ForTcp([Tcp("mail", "465")], [HttpFor()]).Decide(Connection("192.0.2.1:465")).Resolve(Tls("a.example.com"), Certificates).Stream?.Name);
    }

    [Fact]
    public void A_default_certificate_serves_everybody()
    {
        var table = RouteTable.ForTcp([Tcp("rest"), Tcp("named").WithSni("s.example.com")], [HttpFor()]);
        var certificates = new CertificateDirectory([Served("default", "*")]);
        Assert.Equal("HTTP with default", Decide(table, null, certificates));
        Assert.Equal("HTTP with default", Decide(table, "any.example.org", certificates));
        Assert.Equal("named", Decide(table, "s.example.com", certificates));
    }

    [Fact]
    public void Where_no_HTTP_route_is_no_TLS_ends()
    {
        var table = RouteTable.ForTcp([Tcp("named").WithSni("s.example.com")], [HttpFor("80")]);
        Assert.Equal("alert", Decide(table, "a.example.com"));
        Assert.Equal("nobody", Decide(table, "a.example.com", CertificateDirectory.None));
    }

    [Fact]
    public void Without_certificates_nothing_changes()
    {
        var table = RouteTable.ForTcp([Tcp("named").WithSni("s.example.com")], [HttpFor()]);
        Assert.Equal("named", Decide(table, "s.example.com", CertificateDirectory.None));
        Assert.Equal("nobody", Decide(table, "a.example.com", CertificateDirectory.None));
    }

    [Fact]
    public void A_stream_on_which_TLS_ends_shows_a_certificate_or_refuses()
    {
        var table = RouteTable.ForTcp([Tcp("mail", "465").Terminating(), Tcp("rest")], [HttpFor()]);
        Assert.Equal("mail with a", Decide(table, "a.example.com", port: 465));
        Assert.Equal("alert", Decide(table, "b.example.com", port: 465));
        Assert.Equal("alert", Decide(table, null, port: 465));
        Assert.Equal("HTTP with a", Decide(table, "a.example.com"));
        Assert.Equal("rest", Decide(table, "b.example.com"));
        Assert.Equal("rest", table.Decide(Connection("192.0.2.1:465")).Resolve(new FirstBytes(SniffedProtocol.Raw), Certificates).Stream?.Name);
        Assert.True(table.Decide(Connection("192.0.2.1:465")).Resolve(new FirstBytes(SniffedProtocol.Http1), Certificates).IsHttp);
    }

    [Fact]
    public void An_HTTP_route_that_goes_first_takes_the_names_that_have_a_certificate()
    {
        var table = RouteTable.ForTcp([Tcp("wide", "1-1000").Terminating()], [HttpFor("443")]);
        Assert.Equal("HTTP with a", Decide(table, "a.example.com"));
        Assert.Equal("wide with a", Decide(table, "a.example.com", port: 444));
        Assert.Equal("alert", Decide(table, "b.example.com"));
    }

    [Fact]
    public void Of_two_streams_in_one_place_the_one_that_takes_TLS_only_goes_first()
    {
        var table = RouteTable.ForTcp([Tcp("around", "465"), Tcp("inside", "465").Terminating(), Tcp("named", "465").WithSni("s.example.com")], []);
        Assert.Equal("inside with a", Decide(table, "a.example.com", port: 465));
        Assert.Equal("named", Decide(table, "s.example.com", port: 465));
        Assert.Equal("around", table.Decide(Connection("192.0.2.1:465")).Resolve(new FirstBytes(SniffedProtocol.Raw), Certificates).Stream?.Name);
    }

    private static string Decide(RouteTable table, string? name, CertificateDirectory? certificates = null, int port = 443)
    {
        var verdict = table.Decide(Connection($"192.0.2.1:{port}")).Resolve(Tls(name), certificates ?? Certificates);
        return verdict.IsHttp ? $"HTTP with {verdict.Certificate}" : (verdict is { Stream: { } stream, Certificate: { } shown } ? $"{stream.Name} with {shown}" : verdict.Stream?.Name) ?? (verdict.LacksCertificate ? "alert" : "nobody");
    }

    private static FirstBytes Tls(string? name) => new(SniffedProtocol.Tls, new ClientHello(name, []));
}
