using System.Globalization;
using Everyport.Proxy.Http.Errors;
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
        if (context.ProxyRequest.RequestUri is not null)
            return ValueTask.CompletedTask;

        var prefix = DestinationTemplate.Expand(context.DestinationPrefix, original).TrimEnd('/');
        if (!TryFindTarget(context, prefix, out var verbatim))
            HttpErrors.Refuse(context.HttpContext, HttpErrorReason.AmbiguousPath, "it leads out of the path that it is put behind");
        else if (verbatim is not null)
            context.ProxyRequest.RequestUri = new Uri(prefix + verbatim, Verbatim);
        else
            context.ProxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(prefix, context.Path, context.Query.QueryString);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// The path and query as they came in, or null where the path was changed into another one. False where something comes
    /// before the path, and an origin may read it as one that leads out of that: <c>/tenant</c> and <c>/../other</c>.
    /// </summary>
    private static bool TryFindTarget(RequestTransformContext context, string prefix, out string? verbatim)
    {
        verbatim = null;
        var raw = context.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!RequestTarget.TryParse(raw, out var target))
            return true;
        var request = context.HttpContext.Request;
        var isSameQuery = context.Query.QueryString == request.QueryString;
        var isSamePath = IsSame(context.Path, request.Path);
        string? before = null;
        var path = target.Path.Length == 0 ? "/" : target.Path;
        var isVerbatim = isSamePath || TryFindPath(ref path, context.Path, request.Path, out before);
        if (target.IsAmbiguous && (!isSamePath || HasPath(prefix)) && !PathReadings.StayBelow(path.ToString()))
            return false;
        if (isVerbatim)
            verbatim = isSamePath && isSameQuery && !target.IsAbsolute ? raw
                : string.Concat(before, path, isSameQuery ? target.Query : context.Query.QueryString.ToUriComponent());
        return true;
    }

    /// <summary>What is left of the path as it came in, where something was cut off at its beginning, or put there.</summary>
    private static bool TryFindPath(ref ReadOnlySpan<char> raw, PathString path, PathString was, out string? before)
    {
        before = null;
        var (now, then) = (path.Value ?? "", was.Value ?? "");
        if (now.EndsWith(then, StringComparison.Ordinal))
        {
            before = new PathString(now[..^then.Length]).ToUriComponent();
            return true;
        }
        var cut = then.AsSpan(0, Math.Max(0, then.Length - now.Length));
        // What is left has to begin a segment as well: it might otherwise go on with the destination's host (/cut@host/../cut/).
        if (!now.StartsWith('/') || !then.EndsWith(now, StringComparison.Ordinal) || !raw.StartsWith(cut, StringComparison.Ordinal) || raw[cut.Length..] is not ['/', ..])
            return false;
        raw = raw[cut.Length..];
        return true;
    }

    private static bool HasPath(string prefix) => prefix.IndexOf('/', prefix.IndexOf("://", StringComparison.Ordinal) + 3) >= 0;

    /// <summary>To <see cref="PathString"/>, letters are equal in either case.</summary>
    private static bool IsSame(PathString a, PathString b) => string.Equals(a.Value, b.Value, StringComparison.Ordinal);
}
