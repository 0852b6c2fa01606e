using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Streams;

/// <summary>TLS that passes through unread, to the server whose name the client asks for.</summary>
public sealed class PassthroughTests(PassthroughScene scene) : IClassFixture<PassthroughScene>
{
    private const string Address = "127.100.1.2";

    [KernelTheory]
    [InlineData("a.example.com", "exact")]
    [InlineData("B.EXAMPLE.com", "exact")]
    [InlineData("c.example.com", "wildcard")]
    [InlineData("c.deep.example.com", "wildcard")]
    [InlineData("example.com", "nameless")]
    [InlineData("a.example.org", "nameless")]
    [InlineData(null, "nameless")]
    public void The_client_sees_the_certificate_of_the_server_that_it_asks_for(string? name, string server) =>
        Assert.Contains($"subject=CN = {server}\n", OpenSsl($"{Address}:443", name), StringComparison.Ordinal);

    [KernelTheory]
    [InlineData(Address, "a.example.com", 1)]
    [InlineData("[2001:db8:7::1]", "c.example.com", 65535)]
    public void The_port_and_the_family_do_not_matter(string address, string name, int port) =>
        Assert.Contains(name[0] == 'a' ? "subject=CN = exact\n" : "subject=CN = wildcard\n", OpenSsl($"{address}:{port}", name), StringComparison.Ordinal);

    [KernelTheory]
    [InlineData("h2", "h2")]
    [InlineData("http/1.1,h2", "h2")]
    [InlineData("http/1.1", "nameless")]
    public void ALPN_chooses_too(string protocols, string server) =>
        Assert.Contains($"subject=CN = {server}\n", OpenSsl($"{Address}:8443", null, "-alpn", protocols), StringComparison.Ordinal);

    [KernelTheory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public void The_two_ends_negotiate_with_each_other(string version)
    {
        var output = OpenSsl($"{Address}:443", "a.example.com", version, "-alpn", "http/1.1");
        Assert.Contains("ALPN protocol: http/1.1", output, StringComparison.Ordinal);
        Assert.Contains("Verification: OK", OpenSsl($"{Address}:443", "a.example.com", version, "-CAfile", scene.Exact.Certificate), StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData(120)]
    [InlineData(1_100)]
    public void A_hello_of_post_quantum_size_and_beyond_reaches_its_server(int protocols)
    {
        var alpn = string.Join(',', Protocols(protocols));
        Assert.Contains("subject=CN = wildcard\n", OpenSsl($"{Address}:443", "c.example.com", "-alpn", $"{alpn},http/1.1"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Curl_speaks_HTTPS_with_the_server_itself_and_HTTP_with_the_proxy_on_the_same_port()
    {
        var page = Curl("--http1.1", "--cacert", scene.Wildcard.Certificate, "--resolve", $"c.example.com:443:{Address}", "https://c.example.com/");
        Assert.Contains("s_server", page, StringComparison.Ordinal);
        Assert.Equal("GET /a", DemoAnswer.Parse(Curl($"http://{Address}:443/a")).Request);
    }

    [KernelTheory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(1_000)]
    public void The_bytes_are_those_that_the_client_has_sent_even_one_by_one(int protocols)
    {
        var hello = RecordedHello.For("echo.example.com", Protocols(protocols));
        AssertEchoed(hello, piece: 1);
        AssertEchoed(hello, piece: hello.Length);
    }

    [KernelTheory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_hello_in_many_records_is_understood(int size)
    {
        var hello = RecordedHello.InRecordsOf(size, RecordedHello.For("echo.example.com"));
        AssertEchoed(hello, piece: 7);
        AssertEchoed(hello, piece: hello.Length);
    }

    private void AssertEchoed(byte[] hello, int piece) => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(Address, 443);
        foreach (var part in hello.Chunk(piece))
            client.Send(part);
        client.Send("and what follows it"u8);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal([.. hello, .. "and what follows it"u8], TcpClients.ReceiveToEnd(client));
    });

    private static string[] Protocols(int count) => [.. Enumerable.Range(0, count).Select(i => $"protocol-{i:d4}")];

    private string OpenSsl(string address, string? name, params string[] options)
    {
        string[] naming = name is null ? ["-noservername"] : ["-servername", name];
        var result = scene.Namespace.TryExec("openssl", ["s_client", "-connect", address, .. naming, .. options]);
        Assert.True(result.ExitCode == 0, $"openssl ended with {result.ExitCode}: {result.Error}{result.Output}");
        return result.Output;
    }

    private string Curl(params string[] arguments) => scene.Namespace.Exec("curl", ["-sS", "--max-time", "60", .. arguments]);
}
