namespace Everyport.Proxy.ProxyProtocol;

/// <summary>The second word of a text header.</summary>
internal enum TextFamily
{
    /// <summary>The sender does not tell, or cannot.</summary>
    Unknown,

    /// <summary>TCP over IPv4.</summary>
    IPv4,

    /// <summary>TCP over IPv6.</summary>
    IPv6,
}
