namespace Everyport.EndToEnd.Tests.Tls.Upstream;

/// <summary>Requests to origins with TLS: nginx, with certificates of an authority of the test.</summary>
public sealed class HttpsTests(HttpsScene scene) : IClassFixture<HttpsScene>
{
    [KernelTheory]
    [InlineData(1, "port=4431 sni=localhost version=HTTP/1.1")]
    [InlineData(2, "port=4431 sni= version=HTTP/1.1")]
    [InlineData(4, "port=4432 sni=other.test version=HTTP/1.1")]
    [InlineData(7, "port=4433 sni=localhost version=HTTP/1.1")]
    public void An_origin_is_known_by_its_certificate(int port, string answer) => AssertAnswered(port, answer);

    [KernelTheory]
    [InlineData(3, "NameMismatch", "its certificate is for 'other.test', and not for 'localhost'; say in Tls:ServerName")]
    [InlineData(5, "Expired", "its certificate has expired on ")]
    [InlineData(6, "UnknownAuthority", "signed by 'CN=authority', which is not trusted; name a file with the certificate of that authority in Tls:Roots")]
    public void One_that_cannot_be_verified_is_not_asked_and_the_log_says_why(int port, string reason, string words)
    {
        Assert.Equal("502", Curl(port, "-o", "/dev/null", "-w", "%{http_code}", "-H", "Host: other.test"));
        scene.Everyport.AssertTells(reason, words);
    }

    [KernelFact]
    public void Our_certificate_is_shown() => AssertAnswered(8, "client=CN=proxy verified=SUCCESS");

    [KernelFact]
    public void The_name_that_the_client_asks_for_is_asked_for_where_the_configuration_says_so()
    {
        Assert.Contains("sni=a.example.com ", Curl(9, "-H", "Host: a.example.com:8080"), StringComparison.Ordinal);
        Assert.Contains("sni=b.example.com ", Curl(9, "-H", "Host: b.example.com"), StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData(10, "sni=localhost version=HTTP/2.0")]
    [InlineData(11, "sni= version=HTTP/2.0")]
    [InlineData(15, "sni=localhost version=HTTP/1.1")]
    public void The_version_of_HTTP_is_agreed_on_and_can_be_set(int port, string answer) => AssertAnswered(port, answer);

    [KernelFact]
    public void The_header_of_the_PROXY_protocol_goes_before_TLS() =>
        Assert.Contains("header=127.0.0.9", Curl(12, "--interface", "127.0.0.9"), StringComparison.Ordinal);

    [KernelFact]
    public void A_destination_whose_certificate_is_bad_fails_its_checks() =>
        Eventually.Holds(() => Curl(14).StartsWith("port=4431 ", StringComparison.Ordinal), "the destination with the expired certificate is still asked");

    [KernelFact]
    public void Authorities_that_change_count_for_new_connections()
    {
        Assert.DoesNotContain("port=", Curl(13), StringComparison.Ordinal);
        var next = scene.Roots + ".next";
        File.Copy(scene.Authority.File, next);
        File.Move(next, scene.Roots, overwrite: true);
        Eventually.Holds(() => Curl(13).StartsWith("port=4431 ", StringComparison.Ordinal), "the authorities are still those of before");
        scene.Everyport.AssertTells("The files that Tls of the cluster 'changing' names have changed");
    }

    /// <summary>Several times, so that connections are kept and sessions resumed.</summary>
    private void AssertAnswered(int port, string answer)
    {
        for (var i = 0; i < 3; i++)
            Assert.Contains(answer, Curl(port), StringComparison.Ordinal);
    }

    private string Curl(int port, params string[] arguments) => scene.Namespace.Exec("curl", ["-sS", "--max-time", "60", .. arguments, $"http://198.51.100.7:{port}/"]);
}
