using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Tls;

/// <summary>
/// The certificates of one configuration. Handshakes look into a directory that never changes; a certificate whose files have changed
/// comes with another directory. All others stay the same objects, and with them their sessions.
/// </summary>
internal sealed partial class CertificateStore
{
    private readonly ILogger<CertificateStore> _logger;
    private volatile CertificateDirectory _current;

    public CertificateStore(TlsSettings settings, ILogger<CertificateStore> logger) =>
        (_current, _logger) = (new CertificateDirectory(settings.Certificates), logger);

    public CertificateDirectory Current => _current;

    /// <summary>The store of another configuration: an entry that says and holds the same stays the same object, here as well.</summary>
    public CertificateStore With(TlsSettings settings)
    {
        var before = _current.All.ToDictionary(certificate => certificate.Name, StringComparer.OrdinalIgnoreCase);
        return new CertificateStore(
            settings with { Certificates = [.. settings.Certificates.Select(next => before.GetValueOrDefault(next.Name) is { } same && same.SaysTheSame(next) ? same : next)] }, _logger);
    }

    /// <summary>From now on these are the ones in use, and measured.</summary>
    public void Show() => CertificateMetrics.Show(_current);

    /// <summary>Reads the files of an entry again. What cannot be used changes nothing. For one caller at a time.</summary>
    public void Reload(string name)
    {
        var old = _current.All.Single(certificate => certificate.Name == name);
        var problems = new List<string>();
        var loaded = CertificateLoader.Load(old.Config, (key, message) => problems.Add($"{key}: {message}"));
        if (loaded?.Digest == old.Loaded.Digest)
            return;

        ServedCertificate[] certificates = loaded is null ? [] : [.. _current.All.Select(certificate => certificate == old ? new ServedCertificate(old.Config, loaded) : certificate)];
        problems.AddRange(HostConflicts.Find(certificates).Select(conflict => $"the certificates '{conflict.First}' and '{conflict.Second}' would both have the host '{conflict.Host}'"));
        CertificateMetrics.Reloaded(old.Config, isGood: problems.Count == 0);
        if (problems.Count > 0)
        {
            Refused(name, string.Join("; ", problems));
            return;
        }
        _current = new CertificateDirectory(certificates);
        Show();
        Taken(name, old.Config.Path, loaded!.NotAfter);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Took up the new certificate '{Name}' from '{Path}', which is valid until {Expiry:u}")]
    private partial void Taken(string name, string path, DateTimeOffset expiry);

    [LoggerMessage(Level = LogLevel.Error, Message = "The files of the certificate '{Name}' have changed and cannot be used; the old one stays in use. {Problems}")]
    private partial void Refused(string name, string problems);
}
