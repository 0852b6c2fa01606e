using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Transforms;

namespace Everyport.Proxy.Lifetime;

/// <summary>
/// Ends HTTP connections with an answer, which says so (<c>Connection: close</c>, for HTTP/2 GOAWAY). To close one that rests could
/// hit a request that is on its way: that comes later, for those that rest for long.
/// </summary>
internal sealed class HttpDrain : ResponseTransform
{
    private volatile bool _isOn;

    /// <summary>From now on each answer is the last of its connection.</summary>
    public void Begin() => _isOn = true;

    /// <summary>Closes what rests and waits for what does not; when cancelled, closes everything.</summary>
    public static Task StopAsync(IServiceProvider http, CancellationToken cancellation) =>
        http.GetRequiredService<IServer>().StopAsync(cancellation);

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        // What is upgraded is no HTTP connection any more, and says something else in this field.
        if (_isOn && context.ProxyResponse is { StatusCode: not HttpStatusCode.SwitchingProtocols })
        {
            if (HttpProtocol.IsHttp2(context.HttpContext.Request.Protocol))
                context.HttpContext.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            else
                context.HttpContext.Response.Headers.Connection = "close";
        }
        return ValueTask.CompletedTask;
    }
}
