using System.Diagnostics.Metrics;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Metrics;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Measuring;

/// <summary>Measures requests by what the configuration names: routes, clusters and destinations.</summary>
internal static class HttpMetrics
{
    private static readonly Counter<long> Requests = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_http_requests", unit: null, "HTTP requests that have ended, by route, cluster and class of the status; without a route, what no route took.");

    private static readonly Histogram<double> Duration = EveryportMeter.Shared.CreateHistogram(
        "everyport_http_request_duration", "s", "How long HTTP requests took, from their head to the end of the answer, by route and cluster; WebSockets and other tunnels are left out.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Durations.OfRequests });

    private static readonly Histogram<double> Upstream = EveryportMeter.Shared.CreateHistogram(
        "everyport_http_upstream_duration", "s", "How long destinations took until the head of their answer was there, by cluster and destination.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Durations.OfRequests });

    private static readonly Counter<long> UpstreamErrors = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_http_upstream_errors", unit: null, "HTTP requests that a destination did not answer as it should, by cluster, destination and reason; each attempt counts.");

    private static long s_ended;

    private static readonly string[] StatusClasses = ["0xx", "1xx", "2xx", "3xx", "4xx", "5xx"];
    private static readonly string[] Reasons = Enum.GetNames<HttpErrorReason>();

    /// <summary>All requests that have ended.</summary>
    public static long Total => Interlocked.Read(ref s_ended);

    /// <summary>The end of a request, whatever has become of it.</summary>
    public static void Ended(HttpContext context, RequestTimes times, HttpErrorReason? error)
    {
        var config = context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config;
        var (route, cluster) = (new KeyValuePair<string, object?>("route", config?.RouteId), new KeyValuePair<string, object?>("cluster", config?.ClusterId));
        Interlocked.Increment(ref s_ended);
        Requests.Add(1, route, cluster, new("status", StatusClasses[Math.Clamp(context.Response.StatusCode / 100, 0, StatusClasses.Length - 1)]));
        if (context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols && !HttpMethods.IsConnect(context.Request.Method))
            Duration.Record(times.Whole.TotalSeconds, route, cluster);
        if (context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is not { } destination)
            return;
        if (times.Upstream is { } upstream)
            Upstream.Record(upstream.TotalSeconds, cluster, new("destination", destination.DestinationId));
        if (error is { } reason && IsOfDestination(reason))
            UpstreamErrors.Add(1, cluster, new("destination", destination.DestinationId), new("reason", Reasons[(int)reason]));
    }

    /// <summary>An attempt has failed, and the request goes on to another destination.</summary>
    public static void GivenUp(IReverseProxyFeature proxy, HttpErrorReason reason) =>
        UpstreamErrors.Add(1, new("cluster", proxy.Route.Config.ClusterId), new("destination", proxy.ProxiedDestination?.DestinationId), new("reason", Reasons[(int)reason]));

    private static bool IsOfDestination(HttpErrorReason reason) =>
        reason is HttpErrorReason.ConnectFailed or HttpErrorReason.UpstreamFailed or HttpErrorReason.UpstreamTimeout or HttpErrorReason.ResponseBroken;
}
