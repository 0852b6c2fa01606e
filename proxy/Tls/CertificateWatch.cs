using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Tls;

/// <summary>Looks after the certificates in use: takes up changed files, and warns before a certificate expires.</summary>
internal sealed partial class CertificateWatch : IAsyncDisposable
{
    /// <summary>A change is taken up after one to two of these.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ExpiredReminder = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;
    private readonly Task _watching;
    private CertificateStore _store;
    private Dictionary<string, WatchedFiles> _files;
    private Dictionary<string, (CertificateAge Age, DateTimeOffset At)> _warned;

    /// <summary>What was to be said at the start has been said with the other warnings of the configuration.</summary>
    public CertificateWatch(CertificateStore store, TimeProvider time, ILogger<CertificateWatch> logger)
    {
        (_time, _logger, _timer) = (time, logger, new PeriodicTimer(Interval, time));
        (_store, _files, _warned) = (store, FilesOf(store), WarningsOf(store, time.GetUtcNow()));
        store.Show();
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Looks after those of another configuration from now on; what is to be said of them has been said.</summary>
    public void Watch(CertificateStore store)
    {
        lock (_gate)
        {
            (_store, _files, _warned) = (store, FilesOf(store), WarningsOf(store, _time.GetUtcNow()));
            store.Show();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching;
    }

    private async Task WatchAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            try
            {
                lock (_gate)
                    Look();
            }
            catch (Exception e)
            {
                // Whatever it is: certificates that are never renewed would be worse.
                Failed(e);
            }
        }
    }

    private void Look()
    {
        foreach (var (name, files) in _files)
        {
            if (files.HaveChanged())
                _store.Reload(name);
        }
        var now = _time.GetUtcNow();
        foreach (var certificate in _store.Current.All)
            WarnOfExpiry(certificate, now);
    }

    private void WarnOfExpiry(ServedCertificate certificate, DateTimeOffset now)
    {
        var age = CertificateExpiry.AgeOf(certificate.Loaded, now);
        var (warned, at) = _warned[certificate.Name];
        if (age == warned && (age != CertificateAge.Expired || now - at < ExpiredReminder))
            return;
        _warned[certificate.Name] = (age, now);
        if (age > warned || age == CertificateAge.Expired)
            Expiry(certificate.Name, CertificateExpiry.Warning(certificate.Loaded, now)!);
    }

    private static Dictionary<string, WatchedFiles> FilesOf(CertificateStore store) =>
        store.Current.All.ToDictionary(certificate => certificate.Name, certificate => new WatchedFiles([.. certificate.Config.Files]));

    private static Dictionary<string, (CertificateAge Age, DateTimeOffset At)> WarningsOf(CertificateStore store, DateTimeOffset now) =>
        store.Current.All.ToDictionary(certificate => certificate.Name, certificate => (CertificateExpiry.AgeOf(certificate.Loaded, now), now));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate '{Name}' {Warning}")]
    private partial void Expiry(string name, string warning);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking after the certificates failed; it is tried again")]
    private partial void Failed(Exception exception);
}
