namespace Everyport.Proxy.Admission;

/// <summary>Why a TCP connection was closed before anything was proxied. The names reach logs and metrics unchanged.</summary>
internal enum RefusalReason
{
    /// <summary>As many connections are open as <c>Limits:MaxConnections</c> allows.</summary>
    TotalConnections,

    /// <summary>The source has as many open as <c>Limits:MaxConnectionsPerSource</c> allows.</summary>
    SourceConnections,

    /// <summary>The source opens them faster than <c>Limits:NewConnectionsPerSecondPerSource</c> allows.</summary>
    SourceRate,

    /// <summary>The stream that takes the connection has as many as its <c>MaxConnections</c> allows.</summary>
    RouteConnections,

    /// <summary>The process, or the machine, has no descriptor left.</summary>
    Descriptors,

    /// <summary>The connection comes from an upstream socket of this proxy: it would go around forever.</summary>
    Loop,

    /// <summary>A PROXY header is required here, and the client began with something else.</summary>
    ProxyHeaderMissing,

    /// <summary>A trusted peer sent a PROXY header that is not as the protocol has it, or that was cut off.</summary>
    ProxyHeaderMalformed,

    /// <summary>A PROXY header is required here, and was not there in time.</summary>
    ProxyHeaderTimedOut,

    /// <summary>A PROXY header is required here, and the client is not among those that may send one.</summary>
    ProxyHeaderUntrusted,

    /// <summary>Neither a stream nor an HTTP route takes it.</summary>
    NoRoute,

    /// <summary>A TLS client asks for a name that neither a certificate nor a stream has.</summary>
    ServerNameUnknown,

    /// <summary>A TLS client asks for no name, and there is neither a certificate nor a stream for such clients.</summary>
    ServerNameMissing,
}
