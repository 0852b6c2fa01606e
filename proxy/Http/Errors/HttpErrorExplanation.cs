using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Errors;

/// <summary>What the log says about a failed request: where it was going, what happened in plain words, and what to do.</summary>
internal static class HttpErrorExplanation
{
    public static string Of(HttpErrorReason reason, HttpContext context)
    {
        var route = context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>();
        var destination = context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination;
        var what = What(reason, route, destination, Cause(context));
        return route is null ? what
            : destination is null ? $"the route '{route.Config.RouteId}' to the cluster '{route.Config.ClusterId}': {what}"
            : $"the route '{route.Config.RouteId}' to '{destination.DestinationId}' ({destination.Model.Config.Address}) of the cluster '{route.Config.ClusterId}': {what}";
    }

    private static string What(HttpErrorReason reason, RouteModel? route, DestinationState? destination, string cause)
    {
        var cluster = $"ReverseProxy:Clusters:{route?.Config.ClusterId}";
        return reason switch
        {
            HttpErrorReason.NoRoute => "no route takes it. Add one to 'ReverseProxy:Routes', or widen the 'Match' of one",
            HttpErrorReason.MethodNotAllowed => "routes take its path, but not its method. Add the method to 'Match:Methods' of one",
            HttpErrorReason.AmbiguousPath => $"its path can be read in more than one way{cause}. The client has to write it without encoded separators and dot segments",
            HttpErrorReason.BadRequest => $"it cannot be forwarded{cause}. The client has to change it",
            HttpErrorReason.Misdirected => $"the connection is for another host{cause}. The client has to open one for the host that it asks for",
            HttpErrorReason.BodyTooLarge => "its body is larger than is taken. Raise 'MaxRequestBodySize' of the route, or 'Limits:Http:MaxBodyBytes', where that is too little",
            HttpErrorReason.RequestTimeout => $"it arrived too slowly{cause}. Nothing is to be done unless many clients are slow",
            HttpErrorReason.RateLimited => $"the rate limit '{route?.Config.RateLimiterPolicy}' refuses it. Raise its 'Permits' where clients need more",
            HttpErrorReason.NoDestination => $"no destination is available. Look at their health in '/api/status', and whether '{cluster}:Destinations' names any",
            HttpErrorReason.ConnectFailed => $"no connection{cause}. Start the server there, or correct '{cluster}:Destinations:{destination?.DestinationId}:Address'",
            HttpErrorReason.UpstreamFailed => $"it broke off before it answered{cause}. Look into the log of that server",
            HttpErrorReason.UpstreamTimeout => $"no answer in time{cause}. Look why the server is slow, or raise '{cluster}:HttpRequest:ActivityTimeout'",
            HttpErrorReason.RouteTimeout => "it was not done within the time-out of the route. Look why the server is slow, or raise 'Timeout' or the 'TimeoutPolicy' of the route",
            HttpErrorReason.ResponseBroken => $"it broke off in the middle of its answer{cause}. Look into the log of that server",
            HttpErrorReason.UpstreamCanceled => "the client left in the middle of the answer, or nothing moved until a time-out had passed",
            HttpErrorReason.ClientGone => "the client left before it was answered",
            HttpErrorReason.InternalError => "the proxy has a fault, which it has logged",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
        };
    }

    private static string Cause(HttpContext context)
    {
        var text = context.Features.Get<HttpErrorFeature>()?.Detail
            ?? (context.Features.Get<IForwarderErrorFeature>()?.Exception is { } exception ? Words(exception) : null);
        return text is null ? "" : $" ({text})";
    }

    /// <summary>The innermost exception is what the kernel, or the other side, has said; those around it repeat it.</summary>
    private static string Words(Exception exception)
    {
        var inner = exception;
        while ((inner is AggregateException { InnerExceptions: [var first, ..] } ? first : inner.InnerException) is { } next)
            inner = next;
        var text = (inner is OperationCanceledException ? "time-out" : inner.Message).TrimEnd('.');
        return inner is SocketException && text.Length > 0 ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }
}
