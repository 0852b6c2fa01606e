using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Everyport.Proxy.Admin.Page;

/// <summary>
/// Serves the status page: files of this program, which hold nothing that anybody may not see. What they show they ask the
/// admin API for.
/// </summary>
internal static class StatusPage
{
    private const string FirstFile = "index.html", ResourcePrefix = "page/";

    /// <summary>Scripts, styles and pictures come from here alone, and nothing may put the page into another one.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    public static void MapPageEvents(this IEndpointRouteBuilder endpoints, PageEvents events) => endpoints.MapGet("/api/events", events.SendAsync);

    public static void MapStatusPage(this IEndpointRouteBuilder endpoints)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            var name = resource[ResourcePrefix.Length..];
            var file = new PageFile(Read(assembly, resource), Types[Path.GetExtension(name)]);
            endpoints.MapGet(name == FirstFile ? "/" : $"/{name}", file.SendAsync);
        }
    }

    private static byte[] Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>One file; who has it already is told so.</summary>
    private sealed class PageFile(byte[] content, string type)
    {
        private readonly string _tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";

        public Task SendAsync(HttpContext context)
        {
            var headers = context.Response.Headers;
            headers.ETag = _tag;
            headers.CacheControl = "no-cache";
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers[HeaderNames.XFrameOptions] = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            if (context.Request.Headers.IfNoneMatch == _tag)
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
            (context.Response.ContentType, context.Response.ContentLength) = (type, content.Length);
            return context.Response.Body.WriteAsync(content).AsTask();
        }
    }
}
