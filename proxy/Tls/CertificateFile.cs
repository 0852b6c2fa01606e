using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Everyport.Proxy.Tls;

/// <summary>Reads certificates, keys and authorities out of files, or says in words what is wrong with them.</summary>
internal static class CertificateFile
{
    private const string PathKey = "Path", KeyPathKey = "KeyPath", PasswordKey = "Password";

    /// <summary>
    /// A certificate with its key, and what comes with it to lead to its authority, from PEM (the certificate first, the key
    /// there or in a file of its own) or PKCS #12. Null where something is wrong.
    /// </summary>
    public static (X509Certificate2 Leaf, X509Certificate2Collection Chain)? LoadWithKey(string path, string? keyPath, string? password, FileReport report)
    {
        if (Read(path, PathKey, report) is not { } content)
            return null;
        if (!IsPem(content))
            return Pkcs12File.Load(path, keyPath, content, password, report);

        if ((keyPath is null ? content : Read(keyPath, KeyPathKey, report)) is not { } keyContent || LoadPem(path, content, PathKey, report) is not { } chain)
            return null;
        var leaf = PemKey.Attach(chain[0], Text(keyContent), new(keyPath is null ? PathKey : KeyPathKey, keyPath ?? path, PasswordKey, password), report);
        chain.RemoveAt(0);
        return leaf is null ? null : (leaf, chain);
    }

    /// <summary>All certificates of a PEM file, such as those of authorities. Null where something is wrong.</summary>
    public static X509Certificate2Collection? LoadAll(string path, string key, FileReport report) =>
        Read(path, key, report) is { } content ? LoadPem(path, content, key, report) : null;

    private static X509Certificate2Collection? LoadPem(string path, byte[] content, string key, FileReport report)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Text(content));
        }
        catch (CryptographicException e)
        {
            report(key, $"'{path}' holds a certificate that cannot be read: {e.Message}");
            return null;
        }
        if (certificates.Count > 0)
            return certificates;
        report(key, $"'{path}' holds no certificate; expected a PEM file with '-----BEGIN CERTIFICATE-----'");
        return null;
    }

    private static byte[]? Read(string path, string key, FileReport report)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            report(key, e is FileNotFoundException or DirectoryNotFoundException
                ? $"the file '{path}' does not exist; a relative path starts at the working directory, '{Environment.CurrentDirectory}'"
                : $"the file '{path}' cannot be read: {e.Message}");
            return null;
        }
    }

    private static bool IsPem(byte[] content) => content.AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    private static string Text(byte[] content) => Encoding.Latin1.GetString(content);
}
