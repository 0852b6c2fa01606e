using Everyport.Proxy.Tls;
using static Everyport.Proxy.Tests.Tls.SomeCertificates;

namespace Everyport.Proxy.Tests.Tls;

/// <summary>Certificates whose files change while they are in use.</summary>
public sealed class CertificateStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LogLines<CertificateStore> _log = new();
    private readonly CertificateStore _store;

    public CertificateStoreTests()
    {
        Write("a", "a.example.com");
        Write("b", "b.example.com");
        _store = new CertificateStore(new TlsSettings { Certificates = [.. ((string[])["a", "b"]).Select(Read)] }, _log);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_new_certificate_is_taken_up_and_the_others_stay_the_same_objects()
    {
        var (a, b) = (_store.Current.Find("a.example.com"), _store.Current.Find("b.example.com"));
        Write("a", "a.example.com", "new.example.com");
        _store.Reload("a");
        Assert.NotSame(a!.Loaded.Context, _store.Current.Find("a.example.com")!.Loaded.Context);
        Assert.Same(_store.Current.Find("a.example.com"), _store.Current.Find("new.example.com"));
        Assert.Same(b!.Loaded.Context, _store.Current.Find("b.example.com")!.Loaded.Context);
        Assert.StartsWith("Information: Took up the new certificate 'a' from ", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_only_touched_changes_nothing_and_keeps_the_sessions()
    {
        var before = _store.Current;
        File.Move(_directory.Write("copy", File.ReadAllText(PathOf("a"))), PathOf("a"), overwrite: true);
        _store.Reload("a");
        Assert.Same(before, _store.Current);
        Assert.Empty(_log.All);
    }

    [Fact]
    public void A_file_that_cannot_be_used_changes_nothing_and_is_told()
    {
        var before = _store.Current;
        _directory.Write("a.pem", "half of a certifica");
        _store.Reload("a");
        File.Delete(PathOf("b"));
        _store.Reload("b");
        Assert.Same(before, _store.Current);
        Assert.Equal(
            [
                $"Error: The files of the certificate 'a' have changed and cannot be used; the old one stays in use. Path: '{PathOf("a")}' is neither PEM nor PKCS #12 (PFX)",
                $"Error: The files of the certificate 'b' have changed and cannot be used; the old one stays in use. Path: the file '{PathOf("b")}' does not exist; a relative path starts at the working directory, '{Environment.CurrentDirectory}'",
            ],
            _log.All);
    }

    [Fact]
    public void A_certificate_that_takes_the_name_of_another_changes_nothing()
    {
        var before = _store.Current;
        Write("a", "b.example.com");
        _store.Reload("a");
        Assert.Same(before, _store.Current);
        Assert.EndsWith("the certificates 'a' and 'b' would both have the host 'b.example.com'", Assert.Single(_log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_watch_takes_up_what_has_changed()
    {
        var before = _store.Current;
        await using var watch = new CertificateWatch(_store, TimeProvider.System, new LogLines<CertificateWatch>());
        Write("a", "a.example.com", "new.example.com");
        Patience.Eventually(() => _store.Current.Find("new.example.com") is not null);
        Assert.Same(before.Find("b.example.com"), _store.Current.Find("b.example.com"));
    }

    private ServedCertificate Read(string name)
    {
        var config = new CertificateConfig(name, PathOf(name));
        return new ServedCertificate(config, CertificateLoader.Load(config, (key, message) => Assert.Fail($"{key}: {message}"))!);
    }

    private void Write(string name, params string[] hosts) => _directory.Write($"{name}.pem", PemOf(SelfSigned(hosts)));

    private string PathOf(string name) => Path.Combine(_directory.Path, $"{name}.pem");
}
