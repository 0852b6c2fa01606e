using System.Globalization;
using Everyport.Proxy.Http.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
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
        AddHeader(context, ForwardedPort, StringValues.Concat(TakeHeader(context, ForwardedPort), original.Port.ToString(CultureInfo.InvariantCulture)));

        var prefix = DestinationTemplate.Expand(context.DestinationPrefix, original);
        context.ProxyRequest.RequestUri ??= VerbatimTarget(context) is { } target
            ? new Uri(prefix.TrimEnd('/') + target, Verbatim)
            : RequestUtilities.MakeDestinationAddress(prefix, context.Path, context.Query.QueryString);
        return ValueTask.CompletedTask;
    }

    /// <summary>The path and query as they came in, or null where the path was changed into another one.</summary>
    private static string? VerbatimTarget(RequestTransformContext context)
    {
        var raw = context.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!RequestTarget.TryParse(raw, out var target))
            return null;
        var request = context.HttpContext.Request;
        var isSameQuery = context.Query.QueryString == request.QueryString;
        if (isSameQuery && !target.IsAbsolute && IsSame(context.Path, request.Path))
            return raw;
        return VerbatimPath(target.Path, context.Path, request.Path) is { } path
            ? string.Concat(path, isSameQuery ? target.Query : context.Query.QueryString.ToUriComponent())
            : null;
    }

    /// <summary>What is left of the path as it came in, where something was cut off at its beginning, or put there.</summary>
    private static string? VerbatimPath(ReadOnlySpan<char> raw, PathString path, PathString before)
    {
        if (raw.Length == 0)
            raw = "/";
        if (IsSame(path, before))
            return raw.ToString();
        var (now, then) = (path.Value ?? "", before.Value ?? "");
        if (now.EndsWith(then, StringComparison.Ordinal))
            return string.Concat(new PathString(now[..^then.Length]).ToUriComponent(), raw);
        var cut = then.AsSpan(0, Math.Max(0, then.Length - now.Length));
        return now.StartsWith('/') && then.EndsWith(now, StringComparison.Ordinal) && raw.StartsWith(cut, StringComparison.Ordinal)
            ? raw[cut.Length..].ToString()
            : null;
    }

    /// <summary>To <see cref="PathString"/>, letters are equal in either case.</summary>
    private static bool IsSame(PathString a, PathString b) => string.Equals(a.Value, b.Value, StringComparison.Ordinal);
}
