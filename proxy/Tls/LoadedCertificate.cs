using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.Proxy.Tls;

/// <summary>
/// What the files of a certificate hold, ready for handshakes. <paramref name="Context"/> is more than the certificate: OpenSSL keeps the
/// keys of session tickets with it, so that sessions are resumed for as long as this object is the same.
/// </summary>
/// <param name="Leaf">The certificate, with its key.</param>
/// <param name="Context">The same with what leads to its authority.</param>
/// <param name="Clients">The authorities of clients; null where clients are asked for nothing.</param>
/// <param name="Digest">Of the content of all files, to know it again.</param>
internal sealed record LoadedCertificate(X509Certificate2 Leaf, SslStreamCertificateContext Context, ClientAuthorities? Clients, string Digest)
{
    public DateTimeOffset NotBefore { get; } = Leaf.NotBefore;

    public DateTimeOffset NotAfter { get; } = Leaf.NotAfter;

    /// <summary>The names in the certificate.</summary>
    public HostSet Names { get; } = new(CertificateNames.Of(Leaf), IsDefault: false);
}
