using System.Net;
using Yarp.ReverseProxy.Transforms;

namespace Everyport.Proxy.Http;

/// <summary>
/// The last transform of every response. Sends its head where its body lets wait for itself: YARP would keep the head
/// until there is something of the body, and whoever waits for events would not learn that they are to come.
/// </summary>
internal sealed class PromptHeadersTransform : ResponseTransform
{
    private const ConfigureAwaitOptions Quietly = ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    public override async ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } response || context.SuppressResponseBody || IsTunnel(response))
            return;

        // Asked for nothing, it answers as soon as there is something, or the end.
        var body = await response.Content.ReadAsStreamAsync(context.CancellationToken);
        var ready = body.ReadAsync(Memory<byte>.Empty, context.CancellationToken);
        if (ready.IsCompletedSuccessfully)
        {
            _ = ready.Result;
            return;
        }
        if (!ready.IsCompleted)
            await context.HttpContext.Response.Body.FlushAsync(context.CancellationToken).ConfigureAwait(Quietly);
        // What is wrong with either side, YARP meets next, and says so.
        await ((Task)ready.AsTask()).ConfigureAwait(Quietly);
    }

    /// <summary>Whether what follows is no body but another protocol, by an upgrade or an extended CONNECT.</summary>
    private static bool IsTunnel(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.SwitchingProtocols || response.RequestMessage?.Method == HttpMethod.Connect;
}
