using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Errors;

/// <summary>Tells whether a request has come to an error of the proxy, and which one; what the origin answered is none.</summary>
internal static class HttpErrorFinder
{
    private const int TimedOut = 110; // ETIMEDOUT

    /// <summary>Called when the whole pipeline has run.</summary>
    public static HttpErrorReason? Find(HttpContext context)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is { } forwarding)
            return OfForwarding(forwarding, context);
        if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
            return null;
        if (context.Features.Get<HttpErrorFeature>() is { } refused)
            return refused.Reason;
        if (context.GetEndpoint() is null)
            return HttpErrorReason.NoRoute;
        return context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is null ? OfStatus(context.Response.StatusCode) : null;
    }

    /// <summary>An exception that no step of the pipeline has taken.</summary>
    public static HttpErrorReason Of(Exception exception, HttpContext context) => exception switch
    {
        BadHttpRequestException bad => OfStatus(bad.StatusCode),
        _ when context.RequestAborted.IsCancellationRequested => HttpErrorReason.ClientGone,
        _ => HttpErrorReason.InternalError,
    };

    /// <summary>No connection was made, so that not a byte of the request has been sent.</summary>
    public static bool IsConnectFailure(Exception? exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    private static HttpErrorReason? OfForwarding(IForwarderErrorFeature forwarding, HttpContext context) => forwarding.Error switch
    {
        ForwarderError.None => null,
        ForwarderError.NoAvailableDestinations => HttpErrorReason.NoDestination,
        ForwarderError.RequestCreation => HttpErrorReason.BadRequest,
        ForwarderError.Request when !IsConnectFailure(forwarding.Exception) => HttpErrorReason.UpstreamFailed,
        ForwarderError.Request => IsTimeout(forwarding.Exception) ? HttpErrorReason.UpstreamTimeout : HttpErrorReason.ConnectFailed,
        ForwarderError.RequestTimedOut => HttpErrorReason.UpstreamTimeout,
        // The time-out of a route cancels as the client does.
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled =>
            context.RequestAborted.IsCancellationRequested ? HttpErrorReason.ClientGone
            : context.Response.HasStarted ? null
            : HttpErrorReason.RouteTimeout,
        ForwarderError.RequestBodyClient or ForwarderError.RequestBodyDestination when context.Response.HasStarted =>
            // The destination answered without waiting for the whole body, as it may.
            context.RequestAborted.IsCancellationRequested ? HttpErrorReason.ClientGone : null,
        ForwarderError.RequestBodyClient =>
            context.RequestAborted.IsCancellationRequested ? HttpErrorReason.ClientGone : OfStatus(context.Response.StatusCode),
        ForwarderError.RequestBodyDestination =>
            context.Response.StatusCode == StatusCodes.Status504GatewayTimeout ? HttpErrorReason.UpstreamTimeout : HttpErrorReason.UpstreamFailed,
        ForwarderError.ResponseHeaders => HttpErrorReason.UpstreamFailed,
        ForwarderError.ResponseBodyDestination => context.Response.HasStarted ? HttpErrorReason.ResponseBroken : HttpErrorReason.UpstreamFailed,
        ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination => HttpErrorReason.ResponseBroken,
        ForwarderError.ResponseBodyCanceled when !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested => HttpErrorReason.UpstreamTimeout,
        ForwarderError.ResponseBodyCanceled or ForwarderError.UpgradeActivityTimeout => HttpErrorReason.UpstreamCanceled,
        _ => HttpErrorReason.ClientGone,
    };

    private static bool IsTimeout(Exception? exception) =>
        exception?.InnerException is SocketException { ErrorCode: TimedOut } or SocketException { SocketErrorCode: SocketError.TimedOut };

    /// <summary>Of a status that ASP.NET Core or YARP has set by itself.</summary>
    private static HttpErrorReason OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => HttpErrorReason.NoRoute,
        StatusCodes.Status405MethodNotAllowed => HttpErrorReason.MethodNotAllowed,
        StatusCodes.Status408RequestTimeout => HttpErrorReason.RequestTimeout,
        StatusCodes.Status413PayloadTooLarge => HttpErrorReason.BodyTooLarge,
        StatusCodes.Status421MisdirectedRequest => HttpErrorReason.Misdirected,
        StatusCodes.Status429TooManyRequests => HttpErrorReason.RateLimited,
        StatusCodes.Status503ServiceUnavailable => HttpErrorReason.NoDestination,
        StatusCodes.Status504GatewayTimeout => HttpErrorReason.RouteTimeout,
        >= StatusCodes.Status500InternalServerError => HttpErrorReason.InternalError,
        _ => HttpErrorReason.BadRequest,
    };
}
