using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Logs;

/// <summary>Tells of one HTTP request that has ended. What the client wrote is in it as it came.</summary>
internal readonly struct RequestRecord
{
    /// <summary>The client and the original destination.</summary>
    public required Steered Steered { get; init; }

    /// <summary>Such as <c>HTTP/1.1</c>.</summary>
    public required string Protocol { get; init; }

    public required string Method { get; init; }

    /// <summary>The header <c>Host</c>, or what stands for it in HTTP/2.</summary>
    public required string Host { get; init; }

    /// <summary>The request target, byte for byte.</summary>
    public required string Target { get; init; }

    /// <summary>The status of the answer; 0 where the client was gone before there was one.</summary>
    public required int Status { get; init; }

    public string? Route { get; init; }

    public string? Cluster { get; init; }

    /// <summary>The destination that answered, or was tried last.</summary>
    public string? Destination { get; init; }

    /// <summary>The name that the client asked for by TLS.</summary>
    public string? ServerName { get; init; }

    public string? UserAgent { get; init; }

    public string? Referer { get; init; }

    /// <summary>Bytes of the body, or of what was said after an upgrade, from the client.</summary>
    public required long BytesIn { get; init; }

    /// <summary>The same to the client.</summary>
    public required long BytesOut { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Why the proxy answered by itself, or broke the answer off.</summary>
    public HttpErrorReason? Reason { get; init; }

    public TraceId Trace { get; init; }

    /// <summary>Whether this is something to look into, whoever made the mistake behind the proxy.</summary>
    public bool IsError => Reason is not null || Status >= 500;
}
