namespace Everyport.Proxy.Http.Errors;

/// <summary>The status codes of gRPC that the proxy answers with (github.com/grpc/grpc, doc/statuscodes.md).</summary>
internal enum GrpcStatus
{
    Canceled = 1,
    DeadlineExceeded = 4,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
}
