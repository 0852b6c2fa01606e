using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Everyport.Proxy.Http.Forwarding;

/// <summary>
/// The last transform of every route. Fills in the original destination where the destination's address has
/// placeholders for it, tells it to the origin, and forwards the request target as the client wrote it, byte for
/// byte, where no other transform has changed it.
/// </summary>
internal sealed class OriginalRequestTransform : RequestTransform
{
    private const string ForwardedPort = "X-Forwarded-Port";
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var original = OriginalDestination.Of(context.HttpContext);
        var headers = context.ProxyRequest.Headers;
        headers.Remove(ForwardedPort);
        headers.TryAddWithoutValidation(ForwardedPort, original.Port.ToString(CultureInfo.InvariantCulture));

        var prefix = DestinationTemplate.Expand(context.DestinationPrefix, original);
        context.ProxyRequest.RequestUri ??= VerbatimTarget(context) is { } target
            ? new Uri(prefix.TrimEnd('/') + target, Verbatim)
            : RequestUtilities.MakeDestinationAddress(prefix, context.Path, context.Query.QueryString);
        return ValueTask.CompletedTask;
    }

    /// <summary>The path and query as they came in, or null where they were changed or are no path.</summary>
    private static string? VerbatimTarget(RequestTransformContext context)
    {
        var request = context.HttpContext.Request;
        if (context.Path != request.Path || context.Query.QueryString != request.QueryString)
            return null;

        var target = context.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return target is ['/', ..] ? target : null;
    }
}
