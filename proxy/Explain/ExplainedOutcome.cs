namespace Everyport.Proxy.Explain;

/// <summary>What becomes of a connection, flow or request.</summary>
internal enum ExplainedOutcome
{
    /// <summary>The client is in <c>DenySources</c>: refused.</summary>
    Denied,

    /// <summary>No rule: the kernel looks for a socket as it always does.</summary>
    NoRule,

    /// <summary>A rule leaves it to the kernel's own lookup.</summary>
    Pass,

    /// <summary>A rule refuses it.</summary>
    Drop,

    /// <summary>A rule gives it to a service of another program.</summary>
    Service,

    /// <summary>It may not begin without a PROXY protocol header of a trusted peer.</summary>
    ProxyHeaderMissing,

    /// <summary>A stream takes it.</summary>
    Stream,

    /// <summary>An HTTP route takes it.</summary>
    Http,

    /// <summary>It reaches the proxy, and nothing there takes it.</summary>
    NoRoute,

    /// <summary>There is no certificate for the name that it asks for.</summary>
    NoCertificate,

    /// <summary>The request is answered with an error.</summary>
    HttpError,

    /// <summary>What the client sends first decides: see the cases.</summary>
    FirstBytesDecide,

    /// <summary>The request decides among HTTP routes: see the cases.</summary>
    RequestDecides,
}
