using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Everyport.Proxy.Tls.Upstream;

namespace Everyport.Proxy.Tests.Tls.Upstream;

/// <summary>An authority, files that it has signed, and handshakes with a server that shows one of them.</summary>
public sealed class TlsScene : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public TlsScene() => Authority = new CertificateAuthority(Directory, "authority");

    public TemporaryDirectory Directory { get; } = new();

    public CertificateAuthority Authority { get; }

    internal LogLines<UpstreamTlsLog> Log { get; } = new();

    public void Dispose()
    {
        Authority.Dispose();
        Directory.Dispose();
    }

    internal UpstreamTls New(UpstreamTlsSettings settings) => new(settings, TimeProvider.System, new UpstreamTlsLog("web", TimeProvider.System, Log));

    /// <summary>What the server has seen of the client, when both are content.</summary>
    internal static async Task<(string? Sni, string? ClientCertificate)> HandshakeAsync(
        UpstreamTls tls, UpstreamHandshake handshake, (string Certificate, string Key) server, bool wantsCertificate = false)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var accepted = await listener.AcceptTcpClientAsync();
        var serving = ServeAsync(accepted, server, wantsCertificate);
        using var deadline = new CancellationTokenSource(Patience);
        await using var stream = await tls.ConnectAsync(client.GetStream(), handshake, deadline.Token);
        await stream.WriteAsync("x"u8.ToArray(), deadline.Token);
        return await serving.WaitAsync(Patience);
    }

    private static async Task<(string? Sni, string? ClientCertificate)> ServeAsync(TcpClient client, (string Certificate, string Key) files, bool wantsCertificate)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(files.Certificate);
        using var own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(own, [.. chain.Skip(1)], offline: true),
            ClientCertificateRequired = wantsCertificate,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null || !wantsCertificate,
        });
        await stream.ReadExactlyAsync(new byte[1]);
        return (stream.TargetHostName, stream.RemoteCertificate?.Subject);
    }
}
