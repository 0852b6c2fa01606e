using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Policies;

/// <summary>
/// Sends a request to one destination after the other until one answers, as far as its route allows, and keeps it from
/// destinations whose circuit is open. It comes between session affinity and load balancing, so that those choose each
/// destination, and health checks see each attempt.
/// </summary>
internal sealed class AttemptsMiddleware(RequestDelegate next, RetryLog log)
{
    public Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var plan = context.GetEndpoint()!.Metadata.GetRequiredMetadata<RoutePlan>();
        // One destination is the most frequent case, and pays nothing.
        return plan.Circuits is null && (plan.Rules.Attempts == 1 || proxy.AllDestinations.Count == 1)
            ? next(context)
            : InvokeAsync(context, proxy, plan);
    }

    private async Task InvokeAsync(HttpContext context, IReverseProxyFeature proxy, RoutePlan plan)
    {
        plan.Budget.Earn();
        var attempt = new Attempt(context, proxy, plan);
        context.Features.Set(attempt);
        var headers = HeadersOf(context);
        while (true)
        {
            var trial = plan.Circuits?.Enter(context, proxy);
            try
            {
                await next(context);
            }
            finally
            {
                plan.Circuits?.Leave(context, proxy, trial);
            }
            if (!attempt.GoesOn())
                break;
            log.GoesOn(context, proxy, plan, attempt);
            Reset(context, headers);
            (proxy.AvailableDestinations, proxy.ProxiedDestination) = (attempt.TakeNext(), null);
        }
        if (attempt.Outcome is { } outcome)
            RetryLog.Ended(plan, outcome);
    }

    /// <summary>What earlier steps have put into the answer; seldom anything.</summary>
    private static KeyValuePair<string, StringValues>[] HeadersOf(HttpContext context) =>
        context.Response.Headers.Count == 0 ? [] : [.. context.Response.Headers];

    /// <summary>As if nothing had been tried.</summary>
    private static void Reset(HttpContext context, KeyValuePair<string, StringValues>[] headers)
    {
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.Clear();
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
    }
}
