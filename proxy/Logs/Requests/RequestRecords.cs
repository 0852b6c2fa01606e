using System.Diagnostics;
using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Tls;
using Everyport.Proxy.Tracing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Logs.Requests;

/// <summary>Makes the record of each request, around everything else that is done for it.</summary>
internal sealed class RequestRecords(RequestDelegate next, Records records)
{
    public Task InvokeAsync(HttpContext context) => records.WantsRequests ? ObserveAsync(context) : next(context);

    /// <summary>What has been done to a request is told by whoever knows.</summary>
    public static void Failed(HttpContext context, HttpErrorReason reason)
    {
        if (context.Features.Get<IHttpResponseBodyFeature>() is CountedResponse observed)
            observed.Reason = reason;
    }

    private async Task ObserveAsync(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        using var span = records.HasTraces ? RequestSpans.Begin(context.Request.Headers, context.Request.Method) : null;
        var response = new CountedResponse(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(response);
        var request = CountedRequest.Observe(context.Features);
        var tunnel = CountedTunnel.Observe(context.Features);
        try
        {
            await next(context);
        }
        finally
        {
            var (bytesIn, bytesOut) = (request?.Bytes ?? 0, response.Bytes);
            if (tunnel is not null)
                (bytesIn, bytesOut) = (bytesIn + tunnel.BytesIn, bytesOut + tunnel.BytesOut);
            var record = RecordOf(context, response.Reason, bytesIn, bytesOut, Stopwatch.GetElapsedTime(began), span);
            if (span is { IsAllDataRequested: true })
                RequestSpans.Describe(span, record);
            records.Ended(record);
        }
    }

    private static RequestRecord RecordOf(HttpContext context, HttpErrorReason? reason, long bytesIn, long bytesOut, TimeSpan duration, Activity? span)
    {
        var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var proxy = context.Features.Get<IReverseProxyFeature>();
        var headers = request.Headers;
        return new RequestRecord
        {
            Steered = OriginalDestination.WithClient(context),
            Protocol = request.Protocol,
            Method = request.Method,
            Host = First(headers.Host),
            Target = request.RawTarget,
            Status = reason == HttpErrorReason.ClientGone && !context.Response.HasStarted ? 0 : context.Response.StatusCode,
            Route = (proxy?.Route ?? context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>())?.Config.RouteId,
            Cluster = proxy?.Cluster.Config.ClusterId,
            Destination = proxy?.ProxiedDestination?.DestinationId,
            ServerName = context.Features.Get<TlsConnection>()?.Hello.ServerName,
            UserAgent = First(headers.UserAgent),
            Referer = First(headers.Referer),
            BytesIn = bytesIn,
            BytesOut = bytesOut,
            Duration = duration,
            Reason = reason,
            Trace = span is not null ? TraceId.Of(span) : TraceId.FromHeader(First(headers.TraceParent)),
        };
    }

    private static string First(StringValues values) => values.Count == 0 ? "" : values[0] ?? "";
}
