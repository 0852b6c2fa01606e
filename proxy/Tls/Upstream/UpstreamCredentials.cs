using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.Proxy.Tls.Upstream;

/// <summary>
/// What the files of a cluster's TLS hold, loaded: the authorities to trust, or null for those of the system, and our own
/// certificate.
/// </summary>
internal sealed record UpstreamCredentials(X509Certificate2Collection? Roots, SslStreamCertificateContext? Certificate)
{
    private const string EncryptedKey = "BEGIN ENCRYPTED PRIVATE KEY", LegacyEncryption = "Proc-Type: 4,ENCRYPTED", AnyKey = "PRIVATE KEY-----";

    /// <summary>Nothing but the system's authorities.</summary>
    public static UpstreamCredentials None { get; } = new(null, null);

    /// <summary>Loads them, or tells all that is wrong with them.</summary>
    public static UpstreamCredentials? Load(UpstreamTlsSettings settings, CredentialFiles files, List<CredentialError> errors)
    {
        var before = errors.Count;
        var roots = files.Roots is { } file ? LoadRoots(settings, file, errors) : null;
        var certificate = files.Certificate is { } own ? LoadCertificate(settings, own, files.Key, errors) : null;
        return errors.Count == before ? new UpstreamCredentials(roots, certificate) : null;
    }

    private static X509Certificate2Collection? LoadRoots(UpstreamTlsSettings settings, byte[] file, List<CredentialError> errors)
    {
        var roots = Certificates(file);
        if (roots.Count > 0)
            return roots;
        errors.Add(new(nameof(settings.Roots), $"the file '{settings.Roots}' holds no certificate in PEM"));
        return null;
    }

    private static SslStreamCertificateContext? LoadCertificate(UpstreamTlsSettings settings, byte[] file, byte[]? key, List<CredentialError> errors)
    {
        if (CredentialFiles.Pem(file) is not { } pem)
            return LoadPfx(settings, file, errors);
        var chain = Certificates(file);
        if (chain.Count == 0)
        {
            errors.Add(new(nameof(settings.CertificatePath), $"the file '{settings.CertificatePath}' holds no certificate"));
            return null;
        }
        var (keyOwner, keyPath, keyPem) = key is null
            ? (nameof(settings.CertificatePath), settings.CertificatePath, pem)
            : (nameof(settings.KeyPath), settings.KeyPath, CredentialFiles.Pem(key) ?? "");
        if (KeyProblem(keyPem, settings.Password) is { } problem)
        {
            errors.Add(new(keyOwner, $"the file '{keyPath}' {problem}"));
            return null;
        }
        try
        {
            var certificate = keyPem.Contains(EncryptedKey, StringComparison.Ordinal)
                ? X509Certificate2.CreateFromEncryptedPem(pem, keyPem, settings.Password)
                : X509Certificate2.CreateFromPem(pem, keyPem);
            return SslStreamCertificateContext.Create(certificate, [.. chain.Skip(1)], offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            errors.Add(new(keyOwner, keyPem.Contains(EncryptedKey, StringComparison.Ordinal)
                ? $"the key in '{keyPath}' cannot be opened with Password, or does not belong to the certificate in '{settings.CertificatePath}'"
                : $"the key in '{keyPath}' does not belong to the certificate in '{settings.CertificatePath}'"));
            return null;
        }
    }

    private static string? KeyProblem(string pem, string? password) =>
        !pem.Contains(AnyKey, StringComparison.Ordinal) ? "holds no private key in PEM; name the file that does in KeyPath"
        : pem.Contains(LegacyEncryption, StringComparison.Ordinal) ? "holds a key in an old form of encryption; convert it with 'openssl pkcs8 -topk8'"
        : pem.Contains(EncryptedKey, StringComparison.Ordinal) && password is null ? "holds an encrypted key; set Password"
        : null;

    private static SslStreamCertificateContext? LoadPfx(UpstreamTlsSettings settings, byte[] file, List<CredentialError> errors)
    {
        try
        {
            var all = X509CertificateLoader.LoadPkcs12Collection(file, settings.Password);
            if (all.FirstOrDefault(certificate => certificate.HasPrivateKey) is { } own)
                return SslStreamCertificateContext.Create(own, [.. all.Where(certificate => certificate != own)], offline: true);
            errors.Add(new(nameof(settings.CertificatePath), $"the file '{settings.CertificatePath}' holds no private key"));
        }
        catch (CryptographicException)
        {
            errors.Add(new(nameof(settings.CertificatePath), $"the file '{settings.CertificatePath}' is neither PEM nor a PFX file that opens with {(settings.Password is null ? "no password; set Password if it has one" : "Password")}"));
        }
        return null;
    }

    /// <summary>The certificates of a PEM file; none where it cannot be read as such.</summary>
    private static X509Certificate2Collection Certificates(byte[] file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(CredentialFiles.Pem(file) ?? "");
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }
        return certificates;
    }
}
