using System.Security.Cryptography.X509Certificates;
using Everyport.Proxy.Tls.Upstream;

namespace Everyport.Proxy.Tests.Tls.Upstream;

/// <summary>Handshakes with destinations: whom they trust, and what is said where they do not.</summary>
public sealed class UpstreamTlsTests(TlsScene scene) : IClassFixture<TlsScene>
{
    private static readonly UpstreamHandshake Handshake = new("db.test", 5433, null);

    [Theory]
    [InlineData("db.test", null, null, "db.test")]
    [InlineData("10.0.0.6", "db.test", null, "db.test")]
    [InlineData("10.0.0.6", "{host}", "www.test", "www.test")]
    [InlineData("db.test", "{host}", null, "db.test")]
    [InlineData("db.test", null, "www.test", "db.test")]
    public async Task The_name_is_that_of_the_address_unless_the_configuration_says_otherwise(string host, string? serverName, string? clientsName, string name)
    {
        var tls = scene.New(new UpstreamTlsSettings { Roots = scene.Authority.File, ServerName = serverName });
        Assert.Equal(name, (await TlsScene.HandshakeAsync(tls, new(host, 5433, clientsName), scene.Authority.Issue("names", [name]))).Sni);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task An_address_is_looked_for_among_the_addresses_of_the_certificate(string address)
    {
        var tls = scene.New(new UpstreamTlsSettings { Roots = scene.Authority.File });
        Assert.Equal("", (await TlsScene.HandshakeAsync(tls, new(address, 5433, null), scene.Authority.Issue("address", [address]))).Sni);
        var failure = await FailureAsync(tls, new(address, 5433, null), scene.Authority.Issue("other-address", ["192.0.2.7", "db.test"]));
        Assert.Equal((UpstreamTlsFailure.NameMismatch, $"TLS to {(address == "::1" ? "[::1]" : address)}:5433 failed: its certificate is for 'db.test', '192.0.2.7', and not for '{address}'; say in Tls:ServerName by which name the destination is to be known"), (failure.Failure, failure.Message));
    }

    [Theory]
    [InlineData("other.test", -1, 90, nameof(UpstreamTlsFailure.NameMismatch), "its certificate is for 'other.test', and not for 'db.test'")]
    [InlineData("db.test", -20, -10, nameof(UpstreamTlsFailure.Expired), "its certificate has expired on ")]
    [InlineData("other.test", -20, -10, nameof(UpstreamTlsFailure.Expired), "its certificate has expired on ")]
    [InlineData("db.test", 10, 20, nameof(UpstreamTlsFailure.NotYetValid), "its certificate is not valid before ")]
    public async Task What_is_wrong_with_a_certificate_is_said_in_plain_words(string host, int begin, int end, string reason, string words)
    {
        var tls = scene.New(new UpstreamTlsSettings { Roots = scene.Authority.File });
        var failure = await FailureAsync(tls, Handshake, scene.Authority.Issue("wrong", [host], DateTimeOffset.UtcNow.AddDays(begin), DateTimeOffset.UtcNow.AddDays(end)));
        Assert.Equal(reason, failure.Failure.ToString());
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_authority_that_is_not_trusted_is_named(bool ownRoots)
    {
        using var other = new CertificateAuthority(scene.Directory, "stranger");
        var tls = scene.New(new UpstreamTlsSettings { Roots = ownRoots ? scene.Authority.File : null });
        var failure = await FailureAsync(tls, Handshake, other.Issue("strange", ["db.test"]));
        Assert.Equal(UpstreamTlsFailure.UnknownAuthority, failure.Failure);
        Assert.Contains("signed by 'CN=stranger', which is not trusted", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Tls:Roots", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_over_an_intermediate_authority_is_verified_and_a_resumed_session_too()
    {
        using var between = new CertificateAuthority(scene.Directory, "between", scene.Authority);
        var tls = scene.New(new UpstreamTlsSettings { Roots = scene.Authority.File });
        var files = between.Issue("far", ["db.test"]);
        for (var i = 0; i < 3; i++)
            await TlsScene.HandshakeAsync(tls, Handshake, files);
        Assert.Equal(UpstreamTlsFailure.UnknownAuthority, (await FailureAsync(scene.New(new UpstreamTlsSettings { Roots = between.File }), Handshake, files)).Failure);
    }

    [Fact]
    public async Task Any_certificate_will_do_where_the_cluster_says_so() =>
        Assert.Equal("db.test", (await TlsScene.HandshakeAsync(scene.New(UpstreamTlsSettings.Default), Handshake with { AcceptsAny = true }, scene.Authority.Issue("any", ["other.test"]))).Sni);

    [Theory]
    [InlineData("pem")]
    [InlineData("encrypted")]
    [InlineData("pfx")]
    public async Task Our_certificate_is_shown_to_who_asks(string form)
    {
        var (certificate, key) = scene.Authority.Issue("proxy", ["proxy.test"]);
        using var own = X509Certificate2.CreateFromPemFile(certificate, key);
        var settings = new UpstreamTlsSettings { Roots = scene.Authority.File, CertificatePath = certificate, KeyPath = key };
        if (form == "encrypted")
            settings = settings with { KeyPath = EncryptedKey(own), Password = "secret" };
        if (form == "pfx")
            settings = settings with { CertificatePath = Write("proxy.pfx", own.Export(X509ContentType.Pfx, "secret")), KeyPath = null, Password = "secret" };
        Assert.Equal("CN=proxy", (await TlsScene.HandshakeAsync(scene.New(settings), Handshake, scene.Authority.Issue("curious", ["db.test"]), wantsCertificate: true)).ClientCertificate);
    }

    [Fact]
    public async Task A_file_that_changes_counts_for_new_connections_and_a_bad_one_changes_nothing()
    {
        using var other = new CertificateAuthority(scene.Directory, "next");
        var (before, after) = (scene.Authority.Issue("before", ["db.test"]), other.Issue("after", ["db.test"]));
        var roots = scene.Directory.Write("roots.pem", File.ReadAllText(scene.Authority.File));
        var tls = scene.New(new UpstreamTlsSettings { Roots = roots });
        await TlsScene.HandshakeAsync(tls, Handshake, before);

        File.WriteAllText(roots, "nonsense");
        tls.Refresh();
        await TlsScene.HandshakeAsync(tls, Handshake, before);
        Assert.Contains(scene.Log.All, line => line.StartsWith("Error:", StringComparison.Ordinal) && line.Contains($"Tls:Roots: the file '{roots}' holds no certificate", StringComparison.Ordinal));

        File.Move(scene.Directory.Write("roots.new", File.ReadAllText(other.File)), roots, overwrite: true);
        tls.Refresh();
        await TlsScene.HandshakeAsync(tls, Handshake, after);
        Assert.Equal(UpstreamTlsFailure.UnknownAuthority, (await FailureAsync(tls, Handshake, before)).Failure);

        File.Delete(roots);
        tls.Refresh();
        await TlsScene.HandshakeAsync(tls, Handshake, after);
    }

    [Fact]
    public async Task Who_speaks_no_TLS_is_told_of_in_the_log()
    {
        using var nobody = new MemoryStream("220 mail.example.com ESMTP\r\n"u8.ToArray());
        await Assert.ThrowsAsync<UpstreamTlsException>(() => scene.New(UpstreamTlsSettings.Default).ConnectAsync(new TwoWay(nobody), Handshake, default));
        Assert.Contains(scene.Log.All, line => line.StartsWith("Warning: TLS to db.test:5433 of the cluster 'web' failed (HandshakeFailed)", StringComparison.Ordinal));
    }

    private static async Task<UpstreamTlsException> FailureAsync(UpstreamTls tls, UpstreamHandshake handshake, (string, string) server) =>
        await Assert.ThrowsAsync<UpstreamTlsException>(() => TlsScene.HandshakeAsync(tls, handshake, server));

    private string EncryptedKey(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return scene.Directory.Write("encrypted.key", key.ExportEncryptedPkcs8PrivateKeyPem(
            "secret", new System.Security.Cryptography.PbeParameters(System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)));
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(scene.Directory.Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>What is written to it is lost.</summary>
    private sealed class TwoWay(Stream reads) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => reads.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
