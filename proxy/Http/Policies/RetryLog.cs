using System.Diagnostics.Metrics;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Measuring;
using Everyport.Proxy.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Model;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Http.Policies;

/// <summary>Counts what comes of retries, and tells of requests that go on to another destination, once a second for each route.</summary>
internal sealed partial class RetryLog(ILogger<RetryLog> logger)
{
    private static readonly Counter<long> Retries = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_http_retries", unit: null, "HTTP requests that failed at a destination and might go to another one, by route and what came of it.");

    public static void Ended(RoutePlan plan, RetryOutcome outcome) =>
        Retries.Add(1, new("route", plan.Route), new("outcome", outcome.ToString()));

    public void GoesOn(HttpContext context, IReverseProxyFeature proxy, RoutePlan plan, Attempt attempt)
    {
        HttpMetrics.GivenUp(proxy, attempt.GivenUp!.Value);
        if (!plan.Log.IsDue())
            return;
        var steered = OriginalDestination.WithClient(context);
        var explanation = HttpErrorExplanation.Of(attempt.GivenUp.Value, context);
        GoesOn(steered.Client, steered.Original, attempt.GivenUp.Value, explanation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request from {Client} to {Original} goes on to another destination ({Reason}); {Explanation}")]
    private partial void GoesOn(Endpoint client, Endpoint original, HttpErrorReason reason, string explanation);
}
