using Everyport.Proxy.Metrics.Exposition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Metrics.Scraping;

/// <summary><c>/metrics</c>.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder app, Func<IReadOnlyList<MetricFamily>> collect)
    {
        var scraper = new Scraper(collect);
        app.MapGet("/metrics", async (HttpContext context) =>
        {
            var (asked, headers) = (context.Request.Headers, context.Response.Headers);
            var (format, isCompressed) = (FormatNegotiation.Choose(asked.Accept), FormatNegotiation.AllowsGzip(asked.AcceptEncoding));
            var content = await scraper.ScrapeAsync(format, isCompressed);
            (headers.ContentType, headers.ContentLength, headers.Vary) = (FormatNegotiation.ContentType(format), content.Length, "Accept, Accept-Encoding");
            if (isCompressed)
                headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        });
    }
}
