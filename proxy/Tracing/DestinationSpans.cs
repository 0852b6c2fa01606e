using System.Diagnostics;
using System.Globalization;

namespace Everyport.Proxy.Tracing;

/// <summary>
/// The span of each attempt to have a destination answer a request, until the head of its answer; and the header that tells the
/// destination what it belongs to.
/// </summary>
internal sealed class DestinationSpans(string cluster, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string TraceParent = "traceparent", TraceState = "tracestate";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        // Health checks belong to no request.
        Activity.Current is null ? base.SendAsync(request, cancellationToken) : SendTracedAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendTracedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var span = Spans.Source.StartActivity(Spans.MethodOf(request.Method.Method), ActivityKind.Client);
        Tell(request, span ?? Activity.Current!);
        if (span is not { IsAllDataRequested: true })
            return await base.SendAsync(request, cancellationToken);

        Describe(span, request);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            var status = (int)response.StatusCode;
            span.SetTag(Spans.ResponseStatus, status);
            if (status >= 400)
                Failed(span, status.ToString(CultureInfo.InvariantCulture));
            return response;
        }
        catch (Exception e)
        {
            Failed(span, e is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } ? error.ToString() : e.GetType().Name);
            throw;
        }
    }

    private void Describe(Activity span, HttpRequestMessage request)
    {
        span.DisplayName = $"{Spans.MethodOf(request.Method.Method)} {cluster}";
        span.SetTag(Spans.RequestMethod, Spans.MethodOf(request.Method.Method)).SetTag(Spans.Cluster, cluster);
        if (request.RequestUri is { } uri)
            span.SetTag(Spans.ServerAddress, uri.Host).SetTag(Spans.ServerPort, uri.Port).SetTag("url.full", uri.OriginalString);
    }

    private static void Tell(HttpRequestMessage request, Activity span)
    {
        request.Headers.Remove(TraceParent);
        request.Headers.Remove(TraceState);
        request.Headers.TryAddWithoutValidation(TraceParent, span.Id);
        if (!string.IsNullOrEmpty(span.TraceStateString))
            request.Headers.TryAddWithoutValidation(TraceState, span.TraceStateString);
    }

    private static void Failed(Activity span, string error) => span.SetTag(Spans.ErrorType, error).SetStatus(ActivityStatusCode.Error);
}
