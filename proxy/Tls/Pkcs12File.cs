using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.Proxy.Tls;

/// <summary>Reads PKCS #12 (PFX): a certificate, its key and what leads to its authority in one file.</summary>
internal static class Pkcs12File
{
    /// <summary>As <see cref="CertificateFile.LoadWithKey"/>, of content that is not PEM.</summary>
    public static (X509Certificate2 Leaf, X509Certificate2Collection Chain)? Load(string path, string? keyPath, byte[] content, string? password, FileReport report)
    {
        if (keyPath is not null)
            report("KeyPath", $"is for PEM files; '{path}' has to hold its key itself");
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(content, password, X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (CryptographicException)
        {
            if (IsPkcs12(content))
                report("Password", password is null ? $"is missing; '{path}' is encrypted" : $"does not open '{path}'");
            else
                report("Path", $"'{path}' is neither PEM nor PKCS #12 (PFX)");
            return null;
        }
        if (all.FirstOrDefault(certificate => certificate.HasPrivateKey) is not { } leaf)
        {
            report("Path", $"'{path}' holds no certificate with a private key");
            return null;
        }
        all.Remove(leaf);
        return keyPath is null ? (leaf, all) : null;
    }

    private static bool IsPkcs12(byte[] content)
    {
        try
        {
            return X509Certificate2.GetCertContentType(content) == X509ContentType.Pkcs12;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
