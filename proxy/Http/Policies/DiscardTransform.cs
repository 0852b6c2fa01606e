using Yarp.ReverseProxy.Transforms;

namespace Everyport.Proxy.Http.Policies;

/// <summary>The last transform of an answer, on routes that try another destination for some statuses: keeps such an answer from the client.</summary>
internal sealed class DiscardTransform : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is { } response && context.HttpContext.Features.Get<Attempt>()?.Discards((int)response.StatusCode) == true)
            context.SuppressResponseBody = true;
        return ValueTask.CompletedTask;
    }
}
