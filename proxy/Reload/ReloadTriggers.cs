using System.Runtime.InteropServices;
using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Reload;

/// <summary>Has the configuration reloaded when its file changes, and on SIGHUP.</summary>
internal sealed class ReloadTriggers : IAsyncDisposable
{
    /// <summary>
    /// A change is taken up after one to two of these: when it is seen twice, as a file that is written in place, or is gone for a moment
    /// while another takes its place, has not its last word yet.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Reloader _reloader;
    private readonly PosixSignalRegistration _hangUp;
    private readonly PeriodicTimer _timer;
    private readonly Task _watching;

    /// <param name="reloader">Reloads.</param>
    /// <param name="path">The file; null where the configuration comes from none.</param>
    /// <param name="time">Tells when to look.</param>
    public ReloadTriggers(Reloader reloader, string? path, TimeProvider time)
    {
        (_reloader, _timer) = (reloader, new PeriodicTimer(Interval, time));
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp);
        _watching = path is null ? Task.CompletedTask : Task.Run(() => WatchAsync(new WatchedFiles(path)));
    }

    public async ValueTask DisposeAsync()
    {
        _hangUp.Dispose();
        _timer.Dispose();
        await _watching;
    }

    private void HangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _ = _reloader.ReloadAsync(ReloadCause.Signal);
    }

    private async Task WatchAsync(WatchedFiles file)
    {
        while (await _timer.WaitForNextTickAsync())
        {
            if (_reloader.Watches && file.HaveChanged())
                await _reloader.ReloadAsync(ReloadCause.File);
        }
    }
}
