using System.Globalization;
using System.Threading.RateLimiting;
using Everyport.Proxy.Http.Errors;
using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Http.Policies;

/// <summary>
/// Counts requests of routes that name a rate limit, and refuses those beyond. Not ASP.NET Core's, which forgets all that it has counted
/// when any limit changes.
/// </summary>
internal sealed class RateLimitMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RequestLimiter>() is { } limiter ? LimitAsync(context, limiter) : next(context);

    private async Task LimitAsync(HttpContext context, RequestLimiter limiter)
    {
        RateLimitLease lease;
        try
        {
            lease = await limiter.AcquireAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // It has left the queue by itself.
            return;
        }
        using (lease)
        {
            if (lease.IsAcquired)
                await next(context);
            else
                Refuse(context, lease);
        }
    }

    private static void Refuse(HttpContext context, RateLimitLease lease)
    {
        if (lease.TryGetMetadata(MetadataName.RetryAfter, out var after))
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        HttpErrors.Refuse(context, HttpErrorReason.RateLimited);
    }
}
