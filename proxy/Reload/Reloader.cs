using System.Diagnostics;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Lifetime;
using Everyport.Steering;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Reload;

/// <summary>
/// Reads the configuration again and puts it in force, whoever asks for it: one reload after the other, and those who ask while one is
/// waiting for its turn share it, as it has not read anything yet.
/// </summary>
internal sealed partial class Reloader
{
    private readonly Lock _gate = new();
    private readonly Func<string?, ProxyConfiguration?> _load;
    private readonly Func<ProxyConfiguration, Task<IReadOnlyList<string>>> _apply;
    private readonly TimeProvider _time;
    private readonly ILogger<Reloader> _logger;
    private Task<ReloadReport>? _running, _waiting;
    private ReloadCause _cause;
    private volatile ConfigurationStatus _status;
    private ProxyConfiguration _current;
    private string? _told;

    /// <param name="first">What is in force.</param>
    /// <param name="load">Reads it again; null where it still has the hash that is given.</param>
    /// <param name="apply">Puts it in force, and returns a sentence for each setting that waits for the next start.</param>
    /// <param name="time">Tells when.</param>
    /// <param name="logger">Tells what came of it.</param>
    public Reloader(
        ProxyConfiguration first, Func<string?, ProxyConfiguration?> load, Func<ProxyConfiguration, Task<IReadOnlyList<string>>> apply, TimeProvider time, ILogger<Reloader> logger)
    {
        (_current, _load, _apply, _time, _logger) = (first, load, apply, time, logger);
        _status = new ConfigurationStatus(first.Source, first.Hash, time.GetUtcNow(), null);
        ReloadMetrics.InForce(first.Hash, _status.Since);
    }

    /// <summary>Is called when another configuration is in force.</summary>
    public event Action<ProxyConfiguration>? Applied;

    public ConfigurationStatus Status => _status;

    /// <summary>Whether changes of the file are taken up.</summary>
    public bool Watches => _current.Watch;

    public Task<ReloadReport> ReloadAsync(ReloadCause cause)
    {
        lock (_gate)
        {
            if (_waiting is not null)
            {
                // Whoever asks in words wants an answer in words.
                _cause = cause == ReloadCause.File ? _cause : cause;
                return _waiting;
            }
            _cause = cause;
            var previous = _running ?? Task.CompletedTask;
            return _waiting = Task.Run(() => RunAfterAsync(previous));
        }
    }

    private async Task<ReloadReport> RunAfterAsync(Task previous)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ReloadCause cause;
        lock (_gate)
            (_running, _waiting, cause) = (_waiting, null, _cause);
        var started = Stopwatch.GetTimestamp();
        ServiceManager.Current.Reloading();
        var (report, exception) = await TryAsync(cause, started);
        ServiceManager.Current.Ready();
        Tell(cause, report, exception);
        // A file that says again what is in force has mended what was wrong with it.
        if (report.Result != ReloadResult.Unchanged || cause != ReloadCause.File || _status.LastReload is { Result: ReloadResult.Invalid or ReloadResult.Failed })
        {
            ReloadMetrics.Ended(report.Result);
            _status = new ConfigurationStatus(_current.Source, _current.Hash, report.Result == ReloadResult.Applied ? report.At : _status.Since, report);
        }
        return report;
    }

    /// <summary>Never throws: whatever goes wrong, the proxy goes on with what it has.</summary>
    private async Task<(ReloadReport, Exception?)> TryAsync(ReloadCause cause, long started)
    {
        try
        {
            // Who asks for it may want what is found anew with each publication, such as other programs' listeners.
            if (_load(cause == ReloadCause.File ? _current.Hash : null) is not { } next)
                return (Report(ReloadResult.Unchanged), null);
            var waiting = await _apply(next);
            var warnings = next.Warnings;
            _current = next;
            ReloadMetrics.InForce(next.Hash, _time.GetUtcNow());
            Announce(next);
            return (Report(ReloadResult.Applied) with { Waiting = waiting, Warnings = warnings }, null);
        }
        catch (ConfigurationException e)
        {
            return (Report(ReloadResult.Invalid) with { Errors = e.Errors.Count == 0 ? [new("", e.Message)] : [.. e.Errors.Select(error => new ReloadError(error.Path, error.Message))] }, e);
        }
        catch (Exception e)
        {
            return (Report(ReloadResult.Failed) with { Errors = [new("", e.Message)] }, e);
        }

        ReloadReport Report(ReloadResult result) =>
            new(result, _current.Hash, _time.GetUtcNow(), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, [], [], []);
    }

    /// <summary>It is in force, whatever becomes of those who want to know.</summary>
    private void Announce(ProxyConfiguration next)
    {
        foreach (var handler in Applied?.GetInvocationList() ?? [])
        {
            try
            {
                ((Action<ProxyConfiguration>)handler)(next);
            }
            catch (Exception e)
            {
                NotFollowed(e);
            }
        }
    }

    private void Tell(ReloadCause cause, ReloadReport report, Exception? exception)
    {
        switch (report.Result)
        {
            case ReloadResult.Applied:
                InForce(_current.Source, report.Milliseconds, _current.Steering.Ruleset.Rules.Length, _current.Http.Routes.Count, _current.Streams.Count);
                foreach (var sentence in report.Waiting.Concat(report.Warnings))
                    Warning(sentence);
                break;
            case ReloadResult.Unchanged when cause == ReloadCause.File:
                break;
            // The same errors every time the file is touched would hide everything else.
            case ReloadResult.Invalid when cause != ReloadCause.File || _told != exception!.Message:
                Refused(exception!.Message);
                break;
            case ReloadResult.Failed when exception is SteeringException or StartupException:
                Refused(exception.Message);
                break;
            case ReloadResult.Failed:
                Failed(exception!);
                break;
        }
        _told = exception?.Message;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A part of the proxy has not followed the new configuration, which is in force")]
    private partial void NotFollowed(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The configuration {Source} is in force after {Milliseconds} ms: {Rules} rules, {Routes} HTTP routes, {Streams} streams")]
    private partial void InForce(string source, long milliseconds, int rules, int routes, int streams);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void Warning(string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration was not reloaded, what was in force still is. {Errors}")]
    private partial void Refused(string errors);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration was not reloaded, what was in force still is: there was an unexpected error")]
    private partial void Failed(Exception exception);
}
