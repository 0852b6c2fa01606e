using Everyport.Proxy.Http.Errors;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Everyport.Proxy.Http.Guard;

/// <summary>
/// Looks at each request before anything is done for it: refuses what can be read in two ways, spares conversations that may
/// pause the rates of bodies, and counts the requests of a connection.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, HttpLimits limits, HttpLimitHits hits)
{
    private const string Grpc = "application/grpc";

    private readonly bool _hasRates = limits is not { MinBodyRate: null, MinResponseRate: null };

    public Task InvokeAsync(HttpContext context)
    {
        var features = context.Features;
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        if (RequestFraming.IsAmbiguous(request.Protocol, request.RawTarget, request.Headers))
            return Refuse(context);

        if (_hasRates)
            SpareConversations(features, request);
        if (limits.MaxRequestsPerConnection is { } most)
            CountRequest(context, most);
        return next(context);
    }

    /// <summary>
    /// A WebSocket or a gRPC call may be silent, or wait for its program, for as long as it likes. Not whoever merely says so: a
    /// request that can be upgraded has no body, and gRPC is HTTP/2.
    /// </summary>
    private static void SpareConversations(IFeatureCollection features, IHttpRequestFeature request)
    {
        var isTunnel = features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } || HttpMethods.IsConnect(request.Method);
        if (!isTunnel && !(HttpProtocol.IsHttp2(request.Protocol) && request.Headers.ContentType is [{ } type] && type.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase)))
            return;
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } body)
            body.MinDataRate = null;
        // HTTP/2 has one rate for all answers of a connection.
        if (isTunnel && features.Get<IHttpMinResponseDataRateFeature>() is { } response)
            response.MinDataRate = null;
    }

    private void CountRequest(HttpContext context, int most)
    {
        var items = context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        lock (items)
        {
            var count = items.TryGetValue(typeof(RequestGuard), out var before) ? (int)before! + 1 : 1;
            items[typeof(RequestGuard)] = count;
            if (count != most)
                return;
        }
        hits.Add(HttpLimit.Requests);
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    /// <summary>What follows on an HTTP/1 connection may be the rest of it, so that this is closed.</summary>
    private Task Refuse(HttpContext context)
    {
        hits.Add(HttpLimit.Syntax);
        HttpErrors.Refuse(context, HttpErrorReason.BadRequest);
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }
}
