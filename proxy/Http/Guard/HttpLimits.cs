namespace Everyport.Proxy.Http.Guard;

/// <summary>
/// Bounds on what one client can make HTTP cost, the section <c>Limits:Http</c>. The defaults are for the open internet: no honest
/// client meets them.
/// </summary>
internal sealed record HttpLimits
{
    /// <summary>Bytes of a request line: method, target and version.</summary>
    public int MaxRequestLine { get; init; } = 8192;

    /// <summary>Bytes of all headers of a request.</summary>
    public int MaxHeaderBytes { get; init; } = 32_768;

    /// <summary>Headers of a request.</summary>
    public int MaxHeaderCount { get; init; } = 100;

    /// <summary>Bytes of the body of a request; null where they are for the origin to judge. A route has its own in <c>MaxRequestBodySize</c>.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>How long the headers of a request may take, from its first byte.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection may be open without a request.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Bytes a second that a client has to send, on the average, while its body is waited for; null where any pace will do.</summary>
    public int? MinBodyRate { get; init; } = 240;

    /// <summary>Bytes a second that a client has to take of an answer, on the average; null where any pace will do.</summary>
    public int? MinResponseRate { get; init; } = 240;

    /// <summary>How long a client may stay below both rates.</summary>
    public TimeSpan RateGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests after which a connection is closed in good order; null for any number.</summary>
    public int? MaxRequestsPerConnection { get; init; }

    public Http2Settings Http2 { get; init; } = new();
}
