using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Everyport.Proxy.Tls;
using static Everyport.Proxy.Tests.Tls.SomeCertificates;

namespace Everyport.Proxy.Tests.Tls;

/// <summary>What may be in the files of a certificate, and what is said of everything else.</summary>
public sealed class CertificateLoaderTests : IDisposable
{
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _errors = [];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RSA_and_ECDSA_work_with_the_key_beside_the_certificate_and_in_a_file_of_its_own(bool isRsa)
    {
        using AsymmetricAlgorithm key = isRsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var certificate = SelfSigned(["a.example.com"], key);
        AssertLoads(certificate, new("a", Write("all.pem", PemOf(certificate))));
        AssertLoads(certificate, new("a", Write("key-first.pem", $"{KeyOf(certificate)}\n{certificate.ExportCertificatePem()}\n")));
        AssertLoads(certificate, new("a", Write("a.pem", certificate.ExportCertificatePem())) { KeyPath = Write("a.key", KeyOf(certificate)) });
        var traditional = isRsa ? ((RSA)key).ExportRSAPrivateKeyPem() : ((ECDsa)key).ExportECPrivateKeyPem();
        AssertLoads(certificate, new("a", Write("old.pem", certificate.ExportCertificatePem())) { KeyPath = Write("old.key", $"{Parameters}{traditional}") });
    }

    [Fact]
    public void An_encrypted_key_opens_with_its_password()
    {
        var certificate = SelfSigned(["a.example.com"]);
        var config = new CertificateConfig("a", Write("a.pem", certificate.ExportCertificatePem()))
        {
            KeyPath = Write("a.key", certificate.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem("secret", Encryption)),
        };
        AssertLoads(certificate, config with { Password = "secret" });
        AssertFails(config with { Password = "wrong" }, $"Password: does not open the key in '{config.KeyPath}'");
        AssertFails(config, $"Password: is missing; the key in '{config.KeyPath}' is encrypted");
    }

    [Fact]
    public void PKCS_12_works_with_and_without_a_password()
    {
        var certificate = SelfSigned(["a.example.com"]);
        var (open, locked) = (Write("open.pfx", certificate.Export(X509ContentType.Pkcs12)), Write("locked.pfx", certificate.Export(X509ContentType.Pkcs12, "secret")));
        AssertLoads(certificate, new("a", open));
        AssertLoads(certificate, new("a", locked) { Password = "secret" });
        AssertFails(new("a", locked) { Password = "wrong" }, $"Password: does not open '{locked}'");
        AssertFails(new("a", locked), $"Password: is missing; '{locked}' is encrypted");
        AssertFails(new("a", open) { KeyPath = open }, $"KeyPath: is for PEM files; '{open}' has to hold its key itself");
    }

    [Fact]
    public void What_leads_to_the_authority_is_sent_along()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Authority("root", key, null);
        var middle = Authority("middle", key, root);
        var leaf = Request(["a.example.com"], leafKey).Create(middle.CopyWithPrivateKey(key), Now.AddDays(-1), Now.AddDays(1), [3]);
        var path = Write("chain.pem", $"{leaf.ExportCertificatePem()}\n{middle.ExportCertificatePem()}\n{leafKey.ExportPkcs8PrivateKeyPem()}\n");
        Assert.Equal([middle.Thumbprint], Load(new("a", path))!.Context.IntermediateCertificates.Select(certificate => certificate.Thumbprint));
    }

    [Fact]
    public void A_key_of_another_certificate_is_an_error()
    {
        using var rsa = RSA.Create(2048);
        var (a, b, c) = (SelfSigned(["a.example.com"]), SelfSigned(["b.example.com"]), SelfSigned(["c.example.com"], rsa));
        var (path, key) = (Write("a.pem", a.ExportCertificatePem()), Write("b.key", KeyOf(b)));
        AssertFails(new("a", path) { KeyPath = key }, $"KeyPath: the key in '{key}' does not belong to the certificate 'CN=a.example.com'");
        Assert.Null(Load(new("a", path) { KeyPath = Write("c.key", KeyOf(c)) }));
        Assert.StartsWith("KeyPath: the key in ", Assert.Single(_errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_missing_or_hold_something_else_are_errors()
    {
        var certificate = SelfSigned(["a.example.com"]);
        var (bare, key, text) = (Write("bare.pem", certificate.ExportCertificatePem()), Write("only.key", KeyOf(certificate)), Write("text", "something else"));
        var missing = Path.Combine(_directory.Path, "missing.pem");
        AssertFails(new("a", missing), $"Path: the file '{missing}' does not exist; a relative path starts at the working directory, '{Environment.CurrentDirectory}'");
        AssertFails(new("a", bare), $"Path: '{bare}' holds no private key; name the file that does with KeyPath");
        AssertFails(new("a", key), $"Path: '{key}' holds no certificate; expected a PEM file with '-----BEGIN CERTIFICATE-----'");
        AssertFails(new("a", bare) { KeyPath = text }, $"KeyPath: '{text}' holds no private key; expected a PEM file with '-----BEGIN PRIVATE KEY-----'");
        AssertFails(new("a", text), $"Path: '{text}' is neither PEM nor PKCS #12 (PFX)");
        var old = Write("old.key", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        AssertFails(new("a", bare) { KeyPath = old }, $"KeyPath: '{old}' holds a key that is encrypted in an outdated way; convert it with 'openssl pkcs8 -topk8'");
        var broken = Write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Assert.Null(Load(new("a", broken) { KeyPath = key }));
        Assert.StartsWith($"Path: '{broken}' holds a certificate that cannot be read: ", Assert.Single(_errors), StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        AssertFails(new("a", Write("bare.pem", SelfSigned(["a.example.com"]).ExportCertificatePem())) { ClientRoots = Write("roots", "nothing") },
            $"Path: '{_directory.Path}/bare.pem' holds no private key; name the file that does with KeyPath",
            $"ClientRoots: '{_directory.Path}/roots' holds no certificate; expected a PEM file with '-----BEGIN CERTIFICATE-----'");
    }

    [Fact]
    public void A_certificate_without_names_needs_hosts()
    {
        var config = new CertificateConfig("a", Write("a.pem", PemOf(SelfSigned([]))));
        AssertFails(config, $"Hosts: is missing, and the certificate 'CN=nameless' in '{config.Path}' names no host; expected names, or '*' for all clients");
        Assert.NotNull(Load(config with { Hosts = new HostSet([], IsDefault: true) }));
    }

    [Fact]
    public void The_digest_tells_other_content_and_not_another_file()
    {
        var (a, b) = (SelfSigned(["a.example.com"]), SelfSigned(["a.example.com"]));
        string DigestOf(string name, X509Certificate2 certificate, string? roots = null) => Load(new("a", Write(name, PemOf(certificate))) { ClientRoots = roots })!.Digest;
        Assert.Equal(DigestOf("1", a), DigestOf("2", a));
        Assert.NotEqual(DigestOf("1", a), DigestOf("2", b));
        Assert.NotEqual(DigestOf("1", a), DigestOf("1", a, Write("roots", b.ExportCertificatePem())));
    }

    /// <summary>As OpenSSL writes them in front of a key.</summary>
    private const string Parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

    private static X509Certificate2 Authority(string name, ECDsa key, X509Certificate2? issuer)
    {
        var request = Request([name], key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return issuer is null ? request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(9)) : request.Create(issuer, Now.AddDays(-1), Now.AddDays(9), [2]);
    }

    private void AssertLoads(X509Certificate2 expected, CertificateConfig config)
    {
        var loaded = Load(config);
        Assert.Empty(_errors);
        Assert.Equal(expected.Thumbprint, loaded!.Leaf.Thumbprint);
        Assert.True(loaded.Leaf.HasPrivateKey);
    }

    private void AssertFails(CertificateConfig config, params string[] errors)
    {
        Assert.Null(Load(config));
        Assert.Equal(errors, _errors);
    }

    private LoadedCertificate? Load(CertificateConfig config)
    {
        _errors.Clear();
        return CertificateLoader.Load(config, (key, message) => _errors.Add($"{key}: {message}"));
    }

    private string Write(string name, string content) => _directory.Write(name, content);

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_directory.Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
