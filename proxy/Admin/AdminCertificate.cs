using Everyport.Proxy.Tls;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Admin;

/// <summary>The certificate of the admin host; one whose files have changed is loaded anew, for new connections.</summary>
internal sealed partial class AdminCertificate : IAsyncDisposable
{
    private readonly CertificateConfig _config;
    private readonly ILogger _logger;
    private readonly WatchedFiles _files;
    private readonly PeriodicTimer _timer;
    private readonly Task _watching;
    private volatile LoadedCertificate _current;

    public AdminCertificate(ServedCertificate certificate, TimeProvider time, ILogger<AdminCertificate> logger)
    {
        (_config, _current, _logger) = (certificate.Config, certificate.Loaded, logger);
        (_files, _timer) = (new WatchedFiles([.. _config.Files]), new PeriodicTimer(CertificateWatch.Interval, time));
        _watching = WatchAsync();
    }

    public LoadedCertificate Current => _current;

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching;
    }

    private async Task WatchAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            if (!_files.HaveChanged())
                continue;
            var problems = new List<string>();
            if (CertificateLoader.Load(_config, (key, message) => problems.Add($"Admin:Certificate:{key}: {message}")) is { } loaded)
                _current = loaded;
            else
                Refused(string.Join("; ", problems));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The files of the certificate of the admin host have changed and cannot be used; the old one stays in use. {Problems}")]
    private partial void Refused(string problems);
}
