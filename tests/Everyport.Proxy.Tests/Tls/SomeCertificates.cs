using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Tests.Tls;

/// <summary>Makes certificates, and entries of the configuration that show them.</summary>
internal static class SomeCertificates
{
    public static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    /// <summary>One that signs itself.</summary>
    public static X509Certificate2 SelfSigned(string[] names, AsymmetricAlgorithm? key = null, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        using var ecdsa = key is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        return Request(names, key ?? ecdsa!).CreateSelfSigned(notBefore ?? Now.AddDays(-1), notAfter ?? Now.AddDays(90));
    }

    public static CertificateRequest Request(string[] names, AsymmetricAlgorithm key)
    {
        var subject = new X500DistinguishedName($"CN={string.Create(CultureInfo.InvariantCulture, $"{(names.Length > 0 ? names[0] : "nameless")}")}");
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        if (names.Length > 0)
            request.CertificateExtensions.Add(alternatives.Build());
        return request;
    }

    /// <summary>An entry with these hosts, of which <c>*</c> is the default. What its files hold does not matter.</summary>
    public static ServedCertificate Served(string name, params string[] hosts)
    {
        ServerNamePattern[] patterns = [.. hosts.Where(host => host != "*").Select(Routing.Routes.Pattern)];
        return new ServedCertificate(new CertificateConfig(name, $"{name}.pem") { Hosts = new HostSet(patterns, hosts.Contains("*")) }, Anything);
    }

    private static LoadedCertificate Anything { get; } = Load(SelfSigned(["anything.example.com"]));

    public static LoadedCertificate Load(X509Certificate2 certificate)
    {
        using var directory = new TemporaryDirectory();
        var loaded = CertificateLoader.Load(new CertificateConfig("some", directory.Write("all.pem", PemOf(certificate))), (key, message) => Assert.Fail($"{key}: {message}"));
        return loaded!;
    }

    /// <summary>The certificate and its key.</summary>
    public static string PemOf(X509Certificate2 certificate) => $"{certificate.ExportCertificatePem()}\n{KeyOf(certificate)}\n";

    public static string KeyOf(X509Certificate2 certificate) => ((AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey()!).ExportPkcs8PrivateKeyPem();
}
