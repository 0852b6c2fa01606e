using Everyport.Proxy.Http.Transport;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Everyport.Proxy.Http.Measuring;

/// <summary>Notes when a request goes to its destination, and when the head of the answer is there.</summary>
internal static class UpstreamTiming
{
    private static readonly Sending Request = new();
    private static readonly Answering Response = new();

    /// <summary>Comes behind all transforms of requests, and before those of responses.</summary>
    public static void Add(TransformBuilderContext transforms)
    {
        transforms.RequestTransforms.Add(Request);
        transforms.ResponseTransforms.Insert(0, Response);
    }

    private static RequestTimes? Of(HttpContext context) => context.Features.Get<RequestTimes>();

    private sealed class Sending : RequestTransform
    {
        public override ValueTask ApplyAsync(RequestTransformContext context)
        {
            Of(context.HttpContext)?.Sent();
            if (context.HttpContext.Features.Get<ServedConnection>() is { } connection)
                Tell(connection, context.HttpContext);
            return ValueTask.CompletedTask;
        }

        private static void Tell(ServedConnection connection, HttpContext context)
        {
            var proxy = context.Features.Get<IReverseProxyFeature>();
            var host = context.Request.Headers.Host;
            connection.Sent(host.Count > 0 ? host[0] : null, proxy?.Route.Config.RouteId, proxy?.ProxiedDestination?.DestinationId);
        }
    }

    private sealed class Answering : ResponseTransform
    {
        public override ValueTask ApplyAsync(ResponseTransformContext context)
        {
            if (context.ProxyResponse is not null)
                Of(context.HttpContext)?.Answered();
            return ValueTask.CompletedTask;
        }
    }
}
