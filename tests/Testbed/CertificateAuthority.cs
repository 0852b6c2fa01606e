using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Everyport.Testbed;

/// <summary>An authority that signs certificates for a test, as files of a directory.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly X509Certificate2 _certificate;
    private readonly CertificateAuthority? _parent;

    /// <summary>One that signs itself, or is signed by another one.</summary>
    public CertificateAuthority(TemporaryDirectory directory, string name, CertificateAuthority? parent = null)
    {
        (_directory, _parent) = (directory, parent);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var (begin, end) = (DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
        if (parent is null)
        {
            _certificate = request.CreateSelfSigned(begin, end);
        }
        else
        {
            using var signed = request.Create(parent._certificate, parent._certificate.NotBefore, parent._certificate.NotAfter, RandomNumberGenerator.GetBytes(8));
            _certificate = signed.CopyWithPrivateKey(key);
        }
        File = directory.Write($"{name}.pem", _certificate.ExportCertificatePem());
    }

    /// <summary>Its own certificate, PEM.</summary>
    public string File { get; }

    /// <summary>A certificate for hosts: names and addresses. The file has the chain up to the authority that signs itself.</summary>
    public (string Certificate, string Key) Issue(string name, IEnumerable<string> hosts, DateTimeOffset? begin = null, DateTimeOffset? end = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(_certificate, begin ?? DateTimeOffset.UtcNow.AddDays(-1), end ?? DateTimeOffset.UtcNow.AddDays(90), RandomNumberGenerator.GetBytes(8));
        var chain = signed.ExportCertificatePem() + "\n" + (_parent is null ? "" : _certificate.ExportCertificatePem() + "\n");
        return (_directory.Write($"{name}.pem", chain), _directory.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    public void Dispose() => _certificate.Dispose();
}
