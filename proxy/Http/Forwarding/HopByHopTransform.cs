using Yarp.ReverseProxy.Transforms;

namespace Everyport.Proxy.Http.Forwarding;

/// <summary>Keeps from the client what the origin has declared to be for its own connection only.</summary>
internal sealed class HopByHopTransform : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        // Not through the parsed form, which every answer would pay for.
        if (context.ProxyResponse is { } response && response.Headers.NonValidated.TryGetValues("Connection", out var connection))
            HopByHop.RemoveNamed(context.HttpContext.Response.Headers, connection.ToArray());
        return ValueTask.CompletedTask;
    }
}
