using Everyport.Proxy.Logs.Formats;
using Everyport.Proxy.Logs.Sinks;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Logs;

/// <summary>
/// Writes a line for each record that it is asked to log: chosen and formatted on the thread where something has ended, and
/// written by another one, so that nobody waits for it.
/// </summary>
internal sealed class AccessLog : IDisposable
{
    private readonly LineSink _standardOutput;
    private readonly bool _isTerminal;
    private readonly TimeProvider _time;
    private readonly ILogger<LineSink> _logger;
    private volatile Current _current = Current.Off;

    /// <summary>Logs nothing until it is told to.</summary>
    public AccessLog(LineSink standardOutput, bool isTerminal, TimeProvider time, ILogger<LineSink> logger) =>
        (_standardOutput, _isTerminal, _time, _logger) = (standardOutput, isTerminal, time, logger);

    /// <summary>Whether records of a kind are wanted.</summary>
    public bool Logs(RecordKinds kind) => (_current.Settings.Kinds & kind) != 0;

    /// <summary>Logs as these settings say from now on.</summary>
    /// <exception cref="IOException">The file cannot be opened; nothing has changed.</exception>
    public void Apply(AccessLogSettings settings)
    {
        var former = _current;
        var isSame = settings.Path == former.Settings.Path;
        var file = isSame ? former.File : settings.Path is { } path ? new LineSink(new LogFile(path)) { Complaints = _logger } : null;
        _current = new Current(settings, FormatOf(settings), file);
        if (!isSame)
            former.File?.Dispose(heir: file ?? _standardOutput);
    }

    public void Write(in RequestRecord record)
    {
        var current = _current;
        if (!current.Takes(RecordKinds.Requests, record.Route, record.IsError, current.Settings.RequestShare))
            return;
        var line = Line.Begin();
        current.Format.Write(line, _time.GetUtcNow().UtcDateTime, record);
        Write(current, line);
    }

    public void Write(in StreamRecord record)
    {
        var current = _current;
        if (!current.Takes(RecordKinds.Streams, record.Route, record.IsError, current.Settings.StreamShare))
            return;
        var line = Line.Begin();
        current.Format.Write(line, _time.GetUtcNow().UtcDateTime, record);
        Write(current, line);
    }

    public void Write(in FlowRecord record)
    {
        var current = _current;
        if (!current.Takes(RecordKinds.Flows, record.Route, record.IsError, current.Settings.FlowShare))
            return;
        var line = Line.Begin();
        current.Format.Write(line, _time.GetUtcNow().UtcDateTime, record);
        Write(current, line);
    }

    public void Dispose()
    {
        var former = _current;
        _current = Current.Off;
        former.File?.Dispose();
    }

    private void Write(Current current, Line line)
    {
        line.Append((byte)'\n');
        (current.File ?? _standardOutput).TryWrite(line.Written);
    }

    private ILineFormat FormatOf(AccessLogSettings settings) => (settings.Format ?? DefaultFor(settings.Path)) switch
    {
        AccessLogFormat.Text => new TextFormat(TimeZoneInfo.Local),
        AccessLogFormat.Common => new CommonFormat(isCombined: false),
        AccessLogFormat.Combined => new CommonFormat(isCombined: true),
        _ => new JsonFormat(),
    };

    private AccessLogFormat DefaultFor(string? path) => path is null && _isTerminal ? AccessLogFormat.Text : AccessLogFormat.Json;

    /// <summary>What is in force, as one.</summary>
    private sealed record Current(AccessLogSettings Settings, ILineFormat Format, LineSink? File)
    {
        public static Current Off { get; } = new(new AccessLogSettings { Kinds = RecordKinds.None }, new JsonFormat(), null);

        public bool Takes(RecordKinds kind, string? route, bool isError, double share) =>
            (Settings.Kinds & kind) != 0
            && !(Settings.ExceptRoutes.Count > 0 && route is not null && Settings.ExceptRoutes.Contains(route))
            && (isError || share >= 1 || Random.Shared.NextDouble() < share);
    }
}
