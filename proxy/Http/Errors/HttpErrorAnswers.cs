using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Http.Errors;

/// <summary>The answer for each reason. The sentences are for clients: they tell nothing of what is behind the proxy.</summary>
internal static class HttpErrorAnswers
{
    private static readonly HttpErrorAnswer[] All = Array.ConvertAll(Enum.GetValues<HttpErrorReason>(), New);

    public static HttpErrorAnswer Of(HttpErrorReason reason) => All[(int)reason];

    /// <summary>
    /// The status of gRPC follows its mapping from HTTP (doc/http-grpc-status-mapping.md), but for what it has a more
    /// precise one: UNAVAILABLE invites clients to try again, which is wrong after a time-out.
    /// </summary>
    private static HttpErrorAnswer New(HttpErrorReason reason)
    {
        var (status, grpc, sentence) = reason switch
        {
            HttpErrorReason.NoRoute => (StatusCodes.Status404NotFound, GrpcStatus.Unimplemented, "Nothing is served here."),
            HttpErrorReason.MethodNotAllowed => (StatusCodes.Status405MethodNotAllowed, GrpcStatus.Unimplemented, "This cannot be done here with that method."),
            HttpErrorReason.AmbiguousPath => (StatusCodes.Status400BadRequest, GrpcStatus.Internal, "The path can be read in more than one way."),
            HttpErrorReason.BadRequest => (StatusCodes.Status400BadRequest, GrpcStatus.Internal, "The request cannot be understood."),
            HttpErrorReason.Misdirected => (StatusCodes.Status421MisdirectedRequest, GrpcStatus.Unavailable, "This connection is not for the host that the request names."),
            HttpErrorReason.BodyTooLarge => (StatusCodes.Status413PayloadTooLarge, GrpcStatus.ResourceExhausted, "The body of the request is too large."),
            HttpErrorReason.RequestTimeout => (StatusCodes.Status408RequestTimeout, GrpcStatus.DeadlineExceeded, "The request took too long to arrive."),
            HttpErrorReason.RateLimited => (StatusCodes.Status429TooManyRequests, GrpcStatus.ResourceExhausted, "Too many requests. Try again later."),
            HttpErrorReason.NoDestination => (StatusCodes.Status503ServiceUnavailable, GrpcStatus.Unavailable, "No server is available for this right now. Try again later."),
            HttpErrorReason.ConnectFailed => (StatusCodes.Status502BadGateway, GrpcStatus.Unavailable, "The server for this cannot be reached."),
            HttpErrorReason.UpstreamFailed => (StatusCodes.Status502BadGateway, GrpcStatus.Unavailable, "The server for this has failed to answer."),
            HttpErrorReason.UpstreamTimeout => (StatusCodes.Status504GatewayTimeout, GrpcStatus.DeadlineExceeded, "The server for this has not answered in time."),
            HttpErrorReason.RouteTimeout => (StatusCodes.Status504GatewayTimeout, GrpcStatus.DeadlineExceeded, "This was not done in the time that is allowed for it."),
            HttpErrorReason.ResponseBroken => (StatusCodes.Status502BadGateway, GrpcStatus.Unavailable, "The server for this has broken off its answer."),
            HttpErrorReason.UpstreamCanceled => (StatusCodes.Status504GatewayTimeout, GrpcStatus.DeadlineExceeded, "The answer was not complete in time."),
            HttpErrorReason.ClientGone => (StatusCodes.Status499ClientClosedRequest, GrpcStatus.Canceled, "The client has closed the request."),
            HttpErrorReason.InternalError => (StatusCodes.Status500InternalServerError, GrpcStatus.Internal, "The proxy has failed."),
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
        };
        return new HttpErrorAnswer(reason, status, grpc, sentence);
    }
}
