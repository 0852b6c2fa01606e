using System.Diagnostics.Metrics;
using System.Net;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Metrics;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Http.Guard;

/// <summary>
/// Counts what HTTP clients run into. Whatever does comes in masses: each limit is logged once a second at most, with its total.
/// For any number of threads.
/// </summary>
internal sealed partial class HttpLimitHits
{
    private static readonly Counter<long> Hits = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_http_limits_hit", unit: null, "Requests and connections that were refused or ended because of a limit of HTTP, by limit.");

    private static readonly string[] Names = Enum.GetNames<HttpLimit>();
    private static readonly string[] Explanations = Array.ConvertAll(Enum.GetValues<HttpLimit>(), HttpLimitExplanation.Of);

    private readonly ILogger<HttpLimitHits> _logger;
    private readonly long[] _totals = new long[Names.Length];
    private readonly OncePerSecond[] _logs;

    public HttpLimitHits(TimeProvider time, ILogger<HttpLimitHits> logger)
    {
        _logger = logger;
        _logs = Array.ConvertAll(Names, _ => new OncePerSecond(time));
    }

    /// <summary>How often this limit was hit so far.</summary>
    public long Total(HttpLimit limit) => Interlocked.Read(ref _totals[(int)limit]);

    /// <summary>Counts a hit of a connection that is not known here, and tells of it.</summary>
    public void Add(HttpLimit limit)
    {
        var total = Count(limit);
        var level = LevelOf(limit);
        if (IsDue(limit, level))
            Log(level, limit, total, Explanations[(int)limit]);
    }

    /// <summary>Counts a hit, and tells of it.</summary>
    public void Add(HttpLimit limit, EndPoint? client, EndPoint? original)
    {
        var total = Count(limit);
        var level = LevelOf(limit);
        if (IsDue(limit, level))
            Log(level, client, original, limit, total, Explanations[(int)limit]);
    }

    /// <summary>What everybody on the internet sends anywhere all the time, and what is no offence, is not worth a warning.</summary>
    private static LogLevel LevelOf(HttpLimit limit) =>
        limit is HttpLimit.Syntax or HttpLimit.KeepAlive or HttpLimit.Requests ? LogLevel.Debug : LogLevel.Warning;

    private bool IsDue(HttpLimit limit, LogLevel level) => _logger.IsEnabled(level) && _logs[(int)limit].IsDue();

    private long Count(HttpLimit limit)
    {
        Hits.Add(1, new KeyValuePair<string, object?>("limit", Names[(int)limit]));
        return Interlocked.Increment(ref _totals[(int)limit]);
    }

    [LoggerMessage(Message = "Refused a request or ended a connection ({Limit}, {Total} so far): {Explanation}")]
    private partial void Log(LogLevel level, HttpLimit limit, long total, string explanation);

    [LoggerMessage(Message = "Refused a request or ended a connection from {Client} to {Original} ({Limit}, {Total} so far): {Explanation}")]
    private partial void Log(LogLevel level, EndPoint? client, EndPoint? original, HttpLimit limit, long total, string explanation);
}
