using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Everyport.Proxy.Tests.Tls;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Admin;

/// <summary>The admin host with TLS.</summary>
public class AdminCertificateTests
{
    [Fact]
    public async Task It_shows_its_certificate_and_takes_up_another_one()
    {
        using var directory = new TemporaryDirectory();
        using var first = SomeCertificates.SelfSigned(["admin.example.com"]);
        using var second = SomeCertificates.SelfSigned(["admin.example.com"]);
        var path = directory.Write("admin.pem", SomeCertificates.PemOf(first));
        var settings = Read($$"""{ "Admin": { "Certificate": { "Path": "{{path}}" } } }""").Admin;
        await using var host = await RunningAdminHost.StartAsync(settings);
        Assert.Equal((first.Thumbprint, "HTTP/1.1 200 OK"), await AskAsync(host.Port));

        directory.Write("admin.pem", "half a certificate");
        directory.Write("admin.pem", SomeCertificates.PemOf(second));
        for (var shown = first.Thumbprint; shown != second.Thumbprint; (shown, _) = await AskAsync(host.Port))
        {
            Assert.Equal(first.Thumbprint, shown);
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    [Fact]
    public async Task What_is_said_without_TLS_is_no_request()
    {
        using var directory = new TemporaryDirectory();
        using var certificate = SomeCertificates.SelfSigned(["admin.example.com"]);
        var path = directory.Write("admin.pem", SomeCertificates.PemOf(certificate));
        await using var host = await RunningAdminHost.StartAsync(Read($$"""{ "Admin": { "Certificate": { "Path": "{{path}}" } } }""").Admin);
        Assert.DoesNotContain("200", await host.SendAsync("GET /livez HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
    }

    /// <summary>Returns the certificate, and the first line of the answer.</summary>
    private static async Task<(string Thumbprint, string? Status)> AskAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var shown = "";
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
            (shown = ((X509Certificate2)certificate!).Thumbprint).Length > 0);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "whatever.example.com", EnabledSslProtocols = SslProtocols.Tls13 });
        await tls.WriteAsync(Encoding.ASCII.GetBytes("GET /livez HTTP/1.0\r\n\r\n"));
        using var reader = new StreamReader(tls);
        return (shown, await reader.ReadLineAsync());
    }
}
