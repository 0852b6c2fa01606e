using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Tls;

/// <summary>TLS that ends at the proxy, beside TLS that passes through, as real clients see it.</summary>
public sealed class TerminationTests(TlsScene scene) : IClassFixture<TlsScene>
{
    private const byte HandshakeRecord = 22;

    [KernelTheory]
    [InlineData("--http1.1", "--tlsv1.3", "1.1")]
    [InlineData("--http2", "--tlsv1.3", "2")]
    [InlineData("--http1.1", "--tls-max=1.2", "1.1")]
    [InlineData("--http2", "--tls-max=1.2", "2")]
    public void Curl_speaks_every_version_of_HTTP_over_every_version_of_TLS(string http, string tls, string version)
    {
        foreach (var port in (int[])[443, 1, 65535])
        {
            var answer = scene.Curl("a.example.com", port, "/a%2Fb", [http, .. tls.Split('='), "-w", "\nversion %{http_version}\n"]);
            var seen = DemoAnswer.Parse(answer);
            Assert.Equal(($"{TlsScene.Address}:{port}", "GET /a%2Fb"), (seen.OriginalDestination, seen.Request));
            Assert.Contains("proto=https", answer, StringComparison.Ordinal);
            Assert.Contains($"\nversion {version}\n", answer, StringComparison.Ordinal);
        }
    }

    [KernelTheory]
    [InlineData("a.example.com", "web")]
    [InlineData("A.Example.com", "web")]
    [InlineData("b.w.example.com", "web")]
    [InlineData("c.b.w.example.com", "web")]
    [InlineData("rsa.example.com", "rsa")]
    [InlineData("modern.example.com", "modern")]
    [InlineData("s.example.com", "passed")]
    [InlineData("s.w.example.com", "passed")]
    public void The_name_chooses_the_certificate_and_whether_TLS_ends_here_or_passes(string name, string certificate) =>
        Assert.Contains($"subject=CN = {certificate}\n", scene.OpenSsl(name).Output, StringComparison.Ordinal);

    [KernelTheory]
    [InlineData("a.example.com")]
    [InlineData("rsa.example.com")]
    public void What_leads_to_the_authority_is_sent_along(string name) =>
        Assert.Contains("Verification: OK", scene.OpenSsl(name).Output, StringComparison.Ordinal);

    [KernelFact]
    public void HTTP_without_TLS_is_served_on_the_same_port()
    {
        foreach (var http in (string[])["--http1.1", "--http2-prior-knowledge"])
            Assert.Equal("GET /a", DemoAnswer.Parse(scene.Namespace.Exec("curl", "-sS", "--max-time", "60", http, $"http://{TlsScene.Address}:443/a")).Request);
    }

    [KernelTheory]
    [InlineData("unknown.example.com", "-tls1_3", "unrecognized name")]
    [InlineData("unknown.example.com", "-tls1_2", "unrecognized name")]
    [InlineData("w.example.com", "-tls1_3", "unrecognized name")]
    [InlineData(null, "-tls1_3", "alert missing extension")]
    [InlineData(null, "-tls1_2", "alert handshake failure")]
    [InlineData("modern.example.com", "-tls1_2", "alert protocol version")]
    public void A_client_that_is_refused_is_told_why(string? name, string version, string alert)
    {
        var result = scene.OpenSsl(name, version);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(alert, result.Error, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Refusals_are_logged_and_counted_with_what_to_change()
    {
        scene.OpenSsl("unknown.example.com");
        scene.OpenSsl(null);
        scene.OpenSsl("modern.example.com", "-tls1_2");
        scene.Everyport.AssertTells("ServerNameUnknown", "Add the name to the 'Hosts' of an entry of 'Tls:Certificates'");
        scene.Everyport.AssertTells("ServerNameMissing", "With '*' among its 'Hosts'");
        scene.Everyport.AssertTells("for the certificate 'modern' has failed (Version)", "'Tls:Certificates:modern:MinVersion'");
        var status = scene.Namespace.Exec("curl", "-sS", "http://127.0.0.1:9464/api/status");
        Assert.Contains("\"ServerNameUnknown\":", status, StringComparison.Ordinal);
        Assert.Contains("\"ServerNameMissing\":", status, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_client_without_a_common_protocol_is_told_so()
    {
        Assert.Contains("no application protocol", scene.OpenSsl("a.example.com", "-alpn", "smtp").Error, StringComparison.Ordinal);
        scene.Everyport.AssertTells("for the certificate 'web' has failed (Protocol)");
    }

    [KernelTheory]
    [InlineData(1, int.MaxValue)]
    [InlineData(7, 100)]
    public void A_hello_that_comes_bit_by_bit_and_in_many_records_is_answered(int piece, int record)
    {
        var hello = RecordedHello.InRecordsOf(Math.Min(record, 4096), RecordedHello.For("a.example.com", "http/1.1"));
        scene.Namespace.Run(() =>
        {
            using var client = TcpClients.Connect(TlsScene.Address, 443);
            foreach (var part in hello.Chunk(piece))
                client.Send(part);
            Assert.Equal([HandshakeRecord, 3, 3], TcpClients.Receive(client, 3));
        });
    }

    [KernelTheory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void An_alert_reaches_a_client_that_sends_more_than_its_hello_and_the_connection_ends_in_order(int piece)
    {
        byte[] sent = [.. RecordedHello.For("unknown.example.com"), .. new byte[50_000]];
        scene.Namespace.Run(() =>
        {
            using var client = TcpClients.Connect(TlsScene.Address, 443);
            foreach (var part in sent[..500].Chunk(piece))
                client.Send(part);
            client.Send(sent[500..]);
            Assert.Equal([21, 3, 3, 0, 2, 2, 112], TcpClients.ReceiveToEnd(client));
        });
    }

    [KernelTheory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public void The_end_of_a_connection_is_told_so_that_nothing_looks_cut_off(string version)
    {
        var output = ResumptionTests.Ask(scene, "a.example.com", version);
        Assert.Contains("HTTP/1.1 200", output, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected eof", output, StringComparison.Ordinal);
        Assert.Equal("GET /", DemoAnswer.Parse(scene.Curl("a.example.com", 443, "/", "--http1.0")).Request);
    }

    [KernelFact]
    public void A_client_that_stops_in_the_handshake_is_not_waited_for()
    {
        var hello = RecordedHello.For("rsa.example.com");
        scene.Namespace.Run(() =>
        {
            using var client = TcpClients.Connect(TlsScene.Address, 443);
            client.Send(hello);
            try
            {
                Assert.Equal(HandshakeRecord, TcpClients.ReceiveToEnd(client)[0]);
            }
            catch (SocketException e)
            {
                // It may be ended with a reset.
                Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
            }
        });
        scene.Everyport.AssertTells("for the certificate 'rsa' has failed (TimedOut)");
    }

    [KernelTheory]
    [InlineData("b.w.example.com", "200")]
    [InlineData("a.example.com:443", "200")]
    [InlineData("unknown.example.com", "200")]
    [InlineData("rsa.example.com", "421")]
    [InlineData("RSA.example.com.:443", "421")]
    [InlineData("mutual.example.com", "421")]
    public void A_request_for_the_host_of_another_certificate_is_misdirected(string host, string status)
    {
        foreach (var http in (string[])["--http1.1", "--http2"])
            Assert.Equal(status, scene.Curl("a.example.com", 443, "/", http, "-H", $"Host: {host}", "-o", "/dev/null", "-w", "%{http_code}"));
    }

    [KernelTheory]
    [InlineData("a.example.com", "200")]
    [InlineData("elsewhere.example.org", "200")]
    [InlineData("mutual.example.com", "421")]
    public void A_host_that_requires_a_client_certificate_is_not_served_without_TLS(string host, string status) =>
        Assert.Equal(status, scene.Namespace.Exec("curl", "-sS", "--max-time", "60", "-H", $"Host: {host}", "-o", "/dev/null", "-w", "%{http_code}", $"http://{TlsScene.Address}/"));
}
