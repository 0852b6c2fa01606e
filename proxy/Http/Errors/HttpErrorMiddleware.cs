using Everyport.Proxy.Http.Measuring;
using Everyport.Proxy.Logs.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Http.Errors;

/// <summary>
/// The outermost middleware: what the proxy has to say by itself is said here, to people, to their tools and to gRPC.
/// What an origin answers passes untouched, its errors included.
/// </summary>
internal sealed partial class HttpErrorMiddleware(RequestDelegate next, HttpErrorCount count, ILogger<HttpErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        HttpErrorReason? reason;
        var hasThrown = false;
        var times = RequestTimes.Rent();
        context.Features.Set(times);
        try
        {
            await next(context);
            reason = HttpErrorFinder.Find(context);
        }
        catch (Exception exception)
        {
            hasThrown = true;
            reason = HttpErrorFinder.Of(exception, context);
            if (reason == HttpErrorReason.InternalError)
                Failed(exception, OriginalDestination.Of(context).ToString());
            if (!context.Response.HasStarted)
                context.Response.Clear();
        }
        if (reason is { } error)
            await EndAsync(context, error, hasThrown);
        HttpMetrics.Ended(context, times, reason);
        times.Return();
    }

    private async Task EndAsync(HttpContext context, HttpErrorReason reason, bool hasThrown)
    {
        count.Add(reason, context);
        RequestRecords.Failed(context, reason);
        if (context.RequestAborted.IsCancellationRequested)
            return;
        if (!context.Response.HasStarted)
            await HttpErrorWriter.WriteAsync(context, reason);
        // A client that is not told would take for whole what is not.
        else if (hasThrown)
            context.Abort();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request to {Original} has failed in the proxy")]
    private partial void Failed(Exception exception, string original);
}
