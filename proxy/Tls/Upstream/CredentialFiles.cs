using System.Security.Cryptography;
using System.Text;

namespace Everyport.Proxy.Tls.Upstream;

/// <summary>The contents of the files that a cluster's TLS needs, read as one: what is loaded from them never mixes old and new.</summary>
internal sealed record CredentialFiles(byte[]? Roots, byte[]? Certificate, byte[]? Key)
{
    /// <summary>Reads those that are named, or tells which cannot be read.</summary>
    public static CredentialFiles? Read(UpstreamTlsSettings settings, List<CredentialError> errors)
    {
        var before = errors.Count;
        var files = new CredentialFiles(
            Read(nameof(settings.Roots), settings.Roots, errors),
            Read(nameof(settings.CertificatePath), settings.CertificatePath, errors),
            Read(nameof(settings.KeyPath), settings.KeyPath, errors));
        return errors.Count == before ? files : null;
    }

    /// <summary>Tells contents apart. Times of files do not: a link that is turned elsewhere may lead to an older one.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in (byte[]?[])[Roots, Certificate, Key])
        {
            hash.AppendData(BitConverter.GetBytes(file?.Length ?? -1));
            hash.AppendData(file ?? []);
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>The text of a PEM file; null where it is none.</summary>
    public static string? Pem(byte[] file) =>
        file.AsSpan().IndexOf("-----BEGIN "u8) >= 0 ? Encoding.ASCII.GetString(file) : null;

    private static byte[]? Read(string key, string? path, List<CredentialError> errors)
    {
        if (path is null)
            return null;
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            errors.Add(new(key, $"the file '{path}' does not exist"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new(key, $"the file '{path}' cannot be read: {e.Message}"));
        }
        return null;
    }
}
