namespace Everyport.Proxy.Http.Errors;

/// <summary>Why the proxy answered a request itself, or broke off an answer. The names reach clients, logs and metrics unchanged.</summary>
internal enum HttpErrorReason
{
    /// <summary>404: no route takes the request.</summary>
    NoRoute,

    /// <summary>405: routes take the path, but not with this method.</summary>
    MethodNotAllowed,

    /// <summary>400: the path can be read in more than one way, and not all of them lead to the same route.</summary>
    AmbiguousPath,

    /// <summary>400: the request is not as HTTP has it, or cannot be forwarded.</summary>
    BadRequest,

    /// <summary>421: the connection was made for another host than the request names (RFC 9110 15.5.20).</summary>
    Misdirected,

    /// <summary>413: the body is larger than the route, or the proxy, takes.</summary>
    BodyTooLarge,

    /// <summary>408: the client was too slow with its request.</summary>
    RequestTimeout,

    /// <summary>429: a rate limit of the route refused it.</summary>
    RateLimited,

    /// <summary>503: all destinations are unhealthy, or there is none.</summary>
    NoDestination,

    /// <summary>502: no connection to the destination could be made.</summary>
    ConnectFailed,

    /// <summary>502: the destination broke the exchange off before it answered, or its answer is not HTTP.</summary>
    UpstreamFailed,

    /// <summary>504: the destination did not answer in time, or could not be connected to in time.</summary>
    UpstreamTimeout,

    /// <summary>504: the time that the route gives a request has passed.</summary>
    RouteTimeout,

    /// <summary>500: the proxy itself failed.</summary>
    InternalError,

    /// <summary>The destination broke off an answer that had begun; the client's connection or stream was reset.</summary>
    ResponseBroken,

    /// <summary>An answer that had begun was given up: the client left, or nothing moved until a time-out had passed.</summary>
    UpstreamCanceled,

    /// <summary>The client left before it was answered.</summary>
    ClientGone,
}
