using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Tests.Http.Errors;

/// <summary>Requests without a server, and what is answered to them.</summary>
internal static class ErrorContexts
{
    public static DefaultHttpContext New(string method = "GET", string? accept = null, string? contentType = null)
    {
        var context = new DefaultHttpContext();
        (context.Connection.LocalIpAddress, context.Connection.LocalPort) = (IPAddress.Parse("198.51.100.7"), 80);
        (context.Connection.RemoteIpAddress, context.Connection.RemotePort) = (IPAddress.Parse("192.0.2.2"), 40_000);
        (context.Request.Method, context.Request.ContentType, context.Response.Body) = (method, contentType, new MemoryStream());
        if (accept is not null)
            context.Request.Headers.Accept = accept;
        return context;
    }

    public static string BodyOf(HttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
}
