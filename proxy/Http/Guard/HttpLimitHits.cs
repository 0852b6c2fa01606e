using System.Diagnostics.Metrics;
using System.Net;
using Everyport.Proxy.Metrics;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Http.Guard;

/// <summary>
/// Counts what HTTP clients run into. Whatever does comes in masses: each limit is logged once a second at most, with its total.
/// For any number of threads.
/// </summary>
internal sealed partial class HttpLimitHits(TimeProvider time, ILogger<HttpLimitHits> logger)
{
    private static readonly Counter<long> Hits = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_http_limits_hit", unit: null, "Requests and connections that were refused or ended because of a limit of HTTP, by limit.");

    private static readonly string[] Explanations = Array.ConvertAll(Enum.GetValues<HttpLimit>(), HttpLimitExplanation.Of);

    private readonly ReasonTally<HttpLimit> _tally = new(Hits, time, "limit");

    /// <summary>How often this limit was hit so far.</summary>
    public long Total(HttpLimit limit) => _tally.Total(limit);

    /// <summary>Counts a hit of a connection that is not known here, and tells of it.</summary>
    public void Add(HttpLimit limit)
    {
        var total = _tally.Add(limit);
        var level = LevelOf(limit);
        if (IsDue(limit, level))
            Log(level, limit, total, Explanations[(int)limit]);
    }

    /// <summary>Counts a hit, and tells of it.</summary>
    public void Add(HttpLimit limit, EndPoint? client, EndPoint? original)
    {
        var total = _tally.Add(limit);
        var level = LevelOf(limit);
        if (IsDue(limit, level))
            Log(level, client, original, limit, total, Explanations[(int)limit]);
    }

    /// <summary>What everybody on the internet sends anywhere all the time, and what is no offence, is not worth a warning.</summary>
    private static LogLevel LevelOf(HttpLimit limit) =>
        limit is HttpLimit.Syntax or HttpLimit.KeepAlive or HttpLimit.Requests ? LogLevel.Debug : LogLevel.Warning;

    private bool IsDue(HttpLimit limit, LogLevel level) => logger.IsEnabled(level) && _tally.IsLogDue(limit);

    [LoggerMessage(Message = "Refused a request or ended a connection ({Limit}, {Total} so far): {Explanation}")]
    private partial void Log(LogLevel level, HttpLimit limit, long total, string explanation);

    [LoggerMessage(Message = "Refused a request or ended a connection from {Client} to {Original} ({Limit}, {Total} so far): {Explanation}")]
    private partial void Log(LogLevel level, EndPoint? client, EndPoint? original, HttpLimit limit, long total, string explanation);
}
