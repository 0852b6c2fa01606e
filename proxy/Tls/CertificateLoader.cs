using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.Proxy.Tls;

/// <summary>Loads the files of an entry of <c>Tls:Certificates</c>.</summary>
internal static class CertificateLoader
{
    /// <summary>Null where something is wrong, which has been reported then.</summary>
    public static LoadedCertificate? Load(CertificateConfig config, FileReport report)
    {
        var certificate = CertificateFile.LoadWithKey(config.Path, config.KeyPath, config.Password, report);
        var roots = config.ClientRoots is { } path ? CertificateFile.LoadAll(path, "ClientRoots", report) : null;
        if (certificate is not { } loaded || config.ClientRoots is not null && roots is null)
            return null;

        var (leaf, chain) = loaded;
        if (config.Hosts is null && CertificateNames.Of(leaf).Count == 0)
        {
            report("Hosts", $"is missing, and the certificate '{leaf.Subject}' in '{config.Path}' names no host; expected names, or '*' for all clients");
            return null;
        }
        return new LoadedCertificate(leaf, NewContext(leaf, chain, roots), roots is null ? null : new ClientAuthorities(roots), Digest(leaf, chain, roots));
    }

    /// <summary>
    /// Nothing is fetched: neither certificates that are missing in the chain nor answers of OCSP. A handshake must not wait for
    /// somebody else's server, and authorities have begun to give OCSP up.
    /// </summary>
    private static SslStreamCertificateContext NewContext(X509Certificate2 leaf, X509Certificate2Collection chain, X509Certificate2Collection? roots) =>
        SslStreamCertificateContext.Create(leaf, chain, offline: true, roots is null ? null : SslCertificateTrust.CreateForX509Collection(roots, sendTrustInHandshake: true));

    private static string Digest(X509Certificate2 leaf, X509Certificate2Collection chain, X509Certificate2Collection? roots)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(leaf.RawDataMemory.Span);
        foreach (var certificate in chain)
            hash.AppendData(certificate.RawDataMemory.Span);
        // What comes before is about clients' trust in us, what comes after about ours in them.
        hash.AppendData([0]);
        foreach (var certificate in roots ?? [])
            hash.AppendData(certificate.RawDataMemory.Span);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
