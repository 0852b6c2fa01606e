namespace Everyport.EndToEnd.Tests.Tls.Upstream;

/// <summary>Streams that are plain towards the client and encrypted towards the destination.</summary>
public sealed class TlsStreamTests(TlsStreamScene scene) : IClassFixture<TlsStreamScene>
{
    [KernelTheory]
    [InlineData(1, "port=4431 sni=localhost ")]
    [InlineData(2, "port=4431 sni= ")]
    [InlineData(4, "port=4432 sni=other.test ")]
    [InlineData(5, "port=4431 sni=localhost ")]
    [InlineData(8, "client=CN=proxy verified=SUCCESS")]
    public void What_a_client_says_in_plain_reaches_its_server_by_TLS(int port, string answer)
    {
        for (var i = 0; i < 3; i++)
            Assert.Contains(answer, Curl(port), StringComparison.Ordinal);
    }

    [KernelFact]
    public void The_header_of_the_PROXY_protocol_goes_before_TLS() =>
        Assert.Contains("header=127.0.0.9", Curl(12, "--interface", "127.0.0.9"), StringComparison.Ordinal);

    [KernelFact]
    public void Nothing_is_said_to_a_server_whose_certificate_is_for_another_name()
    {
        Assert.NotEqual(0, scene.Namespace.TryExec("curl", "-sS", "--max-time", "60", "http://198.51.100.7:3/").ExitCode);
        scene.Everyport.AssertTells("TLS to localhost:4432 of the cluster 'wrong-name' failed (NameMismatch)", "its certificate is for 'other.test', and not for 'localhost'");
        scene.Everyport.AssertTells("Stream wrong-name: cannot reach tls://localhost:4432", "DestinationTlsFailed");
    }

    [KernelFact]
    public void A_destination_whose_certificate_is_bad_fails_its_checks() =>
        scene.Everyport.AssertTells("Destination 'a' (tls://localhost:4433) of the cluster 'checked' is now Unhealthy");

    private string Curl(int port, params string[] arguments) => scene.Namespace.Exec("curl", ["-sS", "--max-time", "60", .. arguments, $"http://198.51.100.7:{port}/"]);
}
