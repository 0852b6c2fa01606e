using System.Security.Cryptography.X509Certificates;

namespace Everyport.EndToEnd.Tests.Tls;

/// <summary>Clients that show certificates.</summary>
public sealed class MutualTlsTests(TlsScene scene) : IClassFixture<TlsScene>
{
    private const string Header = "X-Client-Cert";

    private string[] Trusted => ["--cert", scene.Authority.PathOf("client")];

    private string[] Stranger => ["--cert", scene.Strangers.PathOf("client")];

    [KernelTheory]
    [InlineData("mutual.example.com", "--http1.1", "--tlsv1.3")]
    [InlineData("mutual.example.com", "--http2", "--tls-max=1.2")]
    [InlineData("optional.example.com", "--http2", "--tlsv1.3")]
    public void The_certificate_of_the_client_is_told_to_the_origin(string host, string http, string tls)
    {
        var shown = Assert.Single(HeadersOf(scene.Curl(host, 443, "/", [.. Trusted, http, .. tls.Split('='), "-H", $"{Header}: forged"])));
        using var expected = X509CertificateLoader.LoadCertificateFromFile(scene.Authority.PathOf("client"));
        Assert.Equal(Convert.ToBase64String(expected.RawData), shown);
    }

    [KernelTheory]
    [InlineData("optional.example.com")]
    [InlineData("a.example.com")]
    public void Without_a_certificate_the_origin_is_told_of_none_whatever_the_client_writes(string host) =>
        Assert.Empty(HeadersOf(scene.Curl(host, 443, "/", "-H", $"{Header}: forged", "-H", $"{Header.ToLowerInvariant()}: forged too")));

    [KernelFact]
    public void A_client_that_has_to_show_a_certificate_and_does_not_is_refused()
    {
        foreach (var tls in (string[])["--tlsv1.3", "--tls-max=1.2"])
            Assert.NotEqual(0, scene.TryCurl("mutual.example.com", 443, "/", tls.Split('=')).ExitCode);
        scene.Everyport.AssertTells("for the certificate 'mutual' has failed (ClientCertificateMissing)", "'Tls:Certificates:mutual:ClientCertificates'");
    }

    [KernelTheory]
    [InlineData("mutual.example.com", "mutual")]
    [InlineData("optional.example.com", "optional")]
    public void A_certificate_of_another_authority_is_refused(string host, string certificate)
    {
        // Of what happens more than once a second, one is logged.
        Eventually.Holds(
            () =>
            {
                foreach (var tls in (string[])["--tlsv1.3", "--tls-max=1.2"])
                    Assert.NotEqual(0, scene.TryCurl(host, 443, "/", [.. Stranger, .. tls.Split('=')]).ExitCode);
                return scene.Everyport.Messages.Any(message => message.Contains($"for the certificate '{certificate}' has failed (ClientCertificateRefused)", StringComparison.Ordinal));
            },
            () => $"The log does not tell of it. It tells: {scene.Everyport.Output}");
    }

    [KernelFact]
    public void Clients_are_told_which_authorities_are_trusted() =>
        Assert.Contains("Acceptable client certificate CA names\nCN = root\n", scene.OpenSsl("mutual.example.com", "-tls1_2").Output, StringComparison.Ordinal);

    [KernelTheory]
    [InlineData("mutual.example.com", "-tls1_2")]
    [InlineData("mutual.example.com", "-tls1_3")]
    [InlineData("optional.example.com", "-tls1_2")]
    [InlineData("optional.example.com", "-tls1_3")]
    public void A_session_that_is_resumed_keeps_the_certificate_of_its_client(string host, string version)
    {
        using var directory = new TemporaryDirectory();
        var session = Path.Combine(directory.Path, "session");
        string[] showing = ["-cert", scene.Authority.PathOf("client"), "-cert_chain", scene.Authority.PathOf("client"), "-key", scene.Authority.PathOf("client")];
        var first = ResumptionTests.Ask(scene, host, [version, "-sess_out", session, .. showing]);
        var second = ResumptionTests.Ask(scene, host, [version, "-sess_in", session, .. showing]);
        Assert.Contains("Reused, ", second, StringComparison.Ordinal);
        Assert.Equal(Assert.Single(HeadersOf(first)), Assert.Single(HeadersOf(second)));
    }

    [KernelFact]
    public void A_session_from_a_name_that_asks_for_nothing_opens_no_way_round()
    {
        using var directory = new TemporaryDirectory();
        var session = Path.Combine(directory.Path, "session");
        foreach (var version in (string[])["-tls1_2", "-tls1_3"])
        {
            ResumptionTests.Ask(scene, "a.example.com", version, "-sess_out", session);
            Assert.DoesNotContain("HTTP/1.1 200", ResumptionTests.Ask(scene, "mutual.example.com", version, "-sess_in", session), StringComparison.Ordinal);
        }
    }

    private static string[] HeadersOf(string answer) =>
        [.. answer.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith($"{Header}: ", StringComparison.OrdinalIgnoreCase)).Select(line => line[(Header.Length + 2)..])];
}
