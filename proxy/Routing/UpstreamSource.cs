namespace Everyport.Proxy.Routing;

/// <summary>The address from which a destination is dialled.</summary>
internal enum UpstreamSource
{
    /// <summary>One of this machine, as the kernel chooses it.</summary>
    Proxy,

    /// <summary>That of the client: the destination sees no proxy.</summary>
    Client,
}
