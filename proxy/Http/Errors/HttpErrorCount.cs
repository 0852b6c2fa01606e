using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Model;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Http.Errors;

/// <summary>
/// Counts errors by reason and route, and logs them: once a second at most for each pair, with its total. For any number
/// of threads.
/// </summary>
internal sealed partial class HttpErrorCount(TimeProvider time, ILogger<HttpErrorCount> logger)
{
    private static readonly Counter<long> Errors = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_http_errors", unit: null, "HTTP requests that the proxy answered with an error of its own, or whose answer it broke off, by reason and route.");

    private static readonly string[] Names = Enum.GetNames<HttpErrorReason>();

    private readonly ConcurrentDictionary<(HttpErrorReason Reason, string Route), Pair> _pairs = new();

    /// <summary>Errors so far for this reason, of all routes.</summary>
    public long Total(HttpErrorReason reason) => _pairs.Where(pair => pair.Key.Reason == reason).Sum(pair => pair.Value.Total);

    public void Add(HttpErrorReason reason, HttpContext context)
    {
        var route = context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId ?? "";
        Errors.Add(1, new("reason", Names[(int)reason]), new("route", route));
        var pair = _pairs.GetOrAdd((reason, route), static (_, time) => new Pair(time), time);
        var total = pair.Count();
        // Clients come and go, and nobody has to do anything about it.
        var level = reason is HttpErrorReason.ClientGone or HttpErrorReason.UpstreamCanceled ? LogLevel.Debug : LogLevel.Warning;
        if (!logger.IsEnabled(level) || !pair.IsDue())
            return;
        var steered = OriginalDestination.WithClient(context);
        var explanation = HttpErrorExplanation.Of(reason, context);
        Log(level, steered.Client, steered.Original, reason, total, explanation);
    }

    [LoggerMessage(Message = "A request from {Client} to {Original} has failed ({Reason}, {Total} so far): {Explanation}")]
    private partial void Log(LogLevel level, Endpoint client, Endpoint original, HttpErrorReason reason, long total, string explanation);

    private sealed class Pair(TimeProvider time)
    {
        private readonly OncePerSecond _log = new(time);
        private long _total;

        public long Total => Interlocked.Read(ref _total);

        public long Count() => Interlocked.Increment(ref _total);

        public bool IsDue() => _log.IsDue();
    }
}
