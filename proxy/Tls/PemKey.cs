using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.Proxy.Tls;

/// <summary>Finds the private key in PEM text, and puts it together with its certificate.</summary>
internal static class PemKey
{
    private const string Encrypted = "ENCRYPTED PRIVATE KEY", OldEncryption = "Proc-Type: 4,ENCRYPTED", Rsa = "1.2.840.113549.1.1.1", EllipticCurve = "1.2.840.10045.2.1";
    private static readonly string[] Labels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", Encrypted];

    /// <summary>Where the text comes from, and which keys of the configuration name the file and the password.</summary>
    internal readonly record struct Source(string FileKey, string File, string PasswordKey, string? Password);

    /// <summary>The certificate with its key. Null where something is wrong.</summary>
    public static X509Certificate2? Attach(X509Certificate2 certificate, string text, Source source, FileReport report)
    {
        if (Find(text) is not { } label)
        {
            report(source.FileKey, text.Contains(OldEncryption, StringComparison.Ordinal)
                ? $"'{source.File}' holds a key that is encrypted in an outdated way; convert it with 'openssl pkcs8 -topk8'"
                : source.FileKey == "Path"
                    ? $"'{source.File}' holds no private key; name the file that does with KeyPath"
                    : $"'{source.File}' holds no private key; expected a PEM file with '-----BEGIN PRIVATE KEY-----'");
            return null;
        }
        if (label == Encrypted && source.Password is null)
        {
            report(source.PasswordKey, $"is missing; the key in '{source.File}' is encrypted");
            return null;
        }
        return Attach(certificate, text, label == Encrypted ? source.Password : null, source, report);
    }

    private static X509Certificate2? Attach(X509Certificate2 certificate, string text, string? password, Source source, FileReport report)
    {
        AsymmetricAlgorithm key;
        switch (certificate.GetKeyAlgorithm())
        {
            case Rsa:
                key = RSA.Create();
                break;
            case EllipticCurve:
                key = ECDsa.Create();
                break;
            default:
                report("Path", $"the certificate '{certificate.Subject}' has a key of a kind that cannot be used; expected RSA or ECDSA");
                return null;
        }
        using (key)
            return Import(key, text, password, source, report) ? Join(certificate, key, source, report) : null;
    }

    private static bool Import(AsymmetricAlgorithm key, string text, string? password, Source source, FileReport report)
    {
        try
        {
            if (password is null)
                key.ImportFromPem(WithKeyOnly(text));
            else
                key.ImportFromEncryptedPem(WithKeyOnly(text), password);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            if (password is null)
                report(source.FileKey, $"the key in '{source.File}' does not belong to the certificate, or cannot be read: {e.Message}");
            else
                report(source.PasswordKey, $"does not open the key in '{source.File}'");
            return false;
        }
    }

    private static X509Certificate2? Join(X509Certificate2 certificate, AsymmetricAlgorithm key, Source source, FileReport report)
    {
        try
        {
            return key is RSA rsa ? certificate.CopyWithPrivateKey(rsa) : certificate.CopyWithPrivateKey((ECDsa)key);
        }
        catch (ArgumentException)
        {
            report(source.FileKey, $"the key in '{source.File}' does not belong to the certificate '{certificate.Subject}'");
            return null;
        }
    }

    private static string? Find(string text)
    {
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            var label = rest[fields.Label].ToString();
            if (Labels.Contains(label))
                return label;
        }
        return null;
    }

    /// <summary>The import refuses text in which there is more than one thing that looks like a key, such as the parameters of a curve.</summary>
    private static ReadOnlySpan<char> WithKeyOnly(string text)
    {
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            if (Labels.Contains(rest[fields.Label].ToString()))
                return rest[fields.Location];
        }
        return text;
    }
}
