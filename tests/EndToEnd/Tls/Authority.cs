using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.EndToEnd.Tests.Tls;

/// <summary>Issues certificates, over one between, as authorities do. Its files are in a directory that goes with it.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1), To = DateTimeOffset.UtcNow.AddDays(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly X509Certificate2 _root, _middle;

    public Authority()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _root = ForAuthority("root", rootKey).CreateSelfSigned(From, To);
        using var middle = ForAuthority("middle", middleKey).Create(_root, From, To, Serial());
        _middle = middle.CopyWithPrivateKey(middleKey);
        Root = _directory.Write("root.pem", _root.ExportCertificatePem());
    }

    /// <summary>Where all its files are.</summary>
    public string Directory => _directory.Path;

    /// <summary>The file with the certificate that is to be trusted.</summary>
    public string Root { get; }

    public string PathOf(string name) => Path.Combine(Directory, $"{name}.pem");

    /// <summary>Writes <c>name.pem</c>: a new certificate for hosts, what leads to the root, and the key. Returns the certificate.</summary>
    public X509Certificate2 Issue(string name, string[] hosts, bool isRsa = false) => Issue(name, PathOf(name), hosts, isRsa);

    /// <summary>The same, to another file.</summary>
    public X509Certificate2 Issue(string name, string path, string[] hosts, bool isRsa = false)
    {
        using AsymmetricAlgorithm key = isRsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedName($"CN={name}");
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signer = _middle.GetECDsaPrivateKey()!;
        var certificate = request.Create(_middle.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), From, To.AddDays(-1), Serial());
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{_middle.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return certificate;
    }

    public void Dispose()
    {
        _root.Dispose();
        _middle.Dispose();
        _directory.Dispose();
    }

    private static CertificateRequest ForAuthority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request;
    }

    private static byte[] Serial() => [1, .. RandomNumberGenerator.GetBytes(15)];
}
