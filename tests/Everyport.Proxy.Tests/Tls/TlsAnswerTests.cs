using System.Security.Authentication;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tls;
using static Everyport.Proxy.Tests.Tls.SomeCertificates;

namespace Everyport.Proxy.Tests.Tls;

/// <summary>What clients are told, and what is counted, where TLS does not come about; and requests on the wrong connection.</summary>
public class TlsAnswerTests
{
    private static readonly string[] Spoken = ["h2", "http/1.1"];

    [Theory]
    [InlineData("a.example.com", true, 112)]
    [InlineData("a.example.com", false, 112)]
    [InlineData(null, true, 109)]
    [InlineData(null, false, 40)]
    public void The_alert_says_whether_the_name_is_unknown_or_missing(string? name, bool offersTls13, byte alert) =>
        Assert.Equal([21, 3, 3, 0, 2, 2, alert], TlsAlert.Record(TlsAlert.For(new ClientHello(name, []) { OffersTls13 = offersTls13 })));

    [Fact]
    public void The_reason_of_a_failed_handshake_is_found_in_what_is_known()
    {
        Assert.Equal(HandshakeFailure.Broken, Reason(new([])));
        Assert.Equal(HandshakeFailure.Broken, Reason(new(["http/1.1", "x"])));
        Assert.Equal(HandshakeFailure.Protocol, Reason(new(["x"])));
        Assert.Equal(HandshakeFailure.TimedOut, Reason(new(["x"]), isLate: true));
        Assert.Equal(HandshakeFailure.Version, Reason(new([], Tls12: false)));
        Assert.Equal(HandshakeFailure.Version, Reason(new(["x"]), SslProtocols.Tls13));
        Assert.Equal(HandshakeFailure.Broken, Reason(new([], Tls13: true), SslProtocols.Tls13));
        Assert.Equal(HandshakeFailure.ClientCertificateMissing, Reason(new(["x"]), shown: HandshakeFailure.ClientCertificateMissing));
    }

    [Theory]
    [InlineData("a.example.com", false)]
    [InlineData("A.example.com.", false)]
    [InlineData("b.example.com", true)]
    [InlineData("B.example.com.", true)]
    [InlineData("other.example.com", false)]
    [InlineData("", false)]
    public void A_request_for_a_host_of_another_certificate_is_misdirected(string host, bool isMisdirected)
    {
        var a = Served("a", "a.example.com");
        Assert.Equal(isMisdirected, MisdirectedRequests.IsMisdirected(a, host, new CertificateDirectory([a, Served("b", "b.example.com")])));
    }

    [Fact]
    public void Where_a_default_has_the_rest_a_request_for_that_is_misdirected_too()
    {
        var a = Served("a", "a.example.com");
        var (rest, certificates) = (Served("rest", "*"), new CertificateDirectory([a, Served("rest", "*")]));
        Assert.True(MisdirectedRequests.IsMisdirected(a, "other.example.com", certificates));
        Assert.False(MisdirectedRequests.IsMisdirected(rest, "other.example.com", certificates));
        Assert.False(MisdirectedRequests.IsMisdirected(rest, "", certificates));
        Assert.True(MisdirectedRequests.IsMisdirected(rest, "a.example.com", certificates));
    }

    [Theory]
    [InlineData("mutual.example.com", true)]
    [InlineData("Mutual.example.com.", true)]
    [InlineData("optional.example.com", false)]
    [InlineData("other.example.com", false)]
    [InlineData("", false)]
    public void Without_TLS_nobody_gets_round_a_certificate_that_a_host_requires(string host, bool needsTls) =>
        Assert.Equal(needsTls, MisdirectedRequests.NeedsTls(host, new CertificateDirectory([Asking("mutual", ClientCertificateMode.Require), Asking("optional", ClientCertificateMode.Request)])));

    [Fact]
    public void A_default_that_requires_certificates_does_so_of_requests_without_a_host() =>
        Assert.True(MisdirectedRequests.NeedsTls("", new CertificateDirectory([Asking("rest", ClientCertificateMode.Require, "*")])));

    [Fact]
    public void A_connection_outlives_a_reload_of_its_certificate()
    {
        var old = Served("a", "a.example.com");
        Assert.False(MisdirectedRequests.IsMisdirected(old, "a.example.com", new CertificateDirectory([Served("a", "a.example.com")])));
    }

    private static ServedCertificate Asking(string name, ClientCertificateMode mode, string? host = null)
    {
        var served = Served(name, host ?? $"{name}.example.com");
        return served with { Config = served.Config with { ClientCertificates = mode } };
    }

    private static HandshakeFailure Reason(Offer offer, SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13, bool isLate = false, HandshakeFailure? shown = null)
    {
        var served = Served("a", "a.example.com");
        var certificate = served with { Config = served.Config with { Protocols = protocols } };
        var connection = new TlsConnection(certificate, new ClientHello("a.example.com", offer.Alpn) { OffersTls12 = offer.Tls12, OffersTls13 = offer.Tls13 }) { ClientCertificateFailure = shown };
        return HandshakeFailures.ReasonOf(connection, isLate, Spoken);
    }

    private sealed record Offer(string[] Alpn, bool Tls12 = true, bool Tls13 = false);
}
