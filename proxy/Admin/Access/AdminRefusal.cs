namespace Everyport.Proxy.Admin.Access;

/// <summary>Why the admin host refuses somebody. The names reach metrics as they are.</summary>
internal enum AdminRefusal
{
    /// <summary>The token is missing or wrong.</summary>
    Token,

    /// <summary>The name in the request is none of ours: a page of somebody else may have had its name point here (DNS rebinding).</summary>
    Host,

    /// <summary>A page of another site wants something changed.</summary>
    CrossSite,

    /// <summary>The connection comes from the proxy itself, as a route leads here.</summary>
    Proxied,
}
