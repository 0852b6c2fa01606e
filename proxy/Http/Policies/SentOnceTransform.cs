using Yarp.ReverseProxy.Transforms;

namespace Everyport.Proxy.Http.Policies;

/// <summary>
/// Keeps .NET's HTTP client from sending again, by itself, what may not be repeated: on a connection that was kept and is
/// closed without an answer it does so with any request that has no body. An empty body is one.
/// </summary>
internal sealed class SentOnceTransform : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var request = context.ProxyRequest;
        if (request.Content is null && request.Method != HttpMethod.Connect && !Methods.AreIdempotent(request.Method.Method))
            request.Content = new ByteArrayContent([]);
        return ValueTask.CompletedTask;
    }
}
