namespace Everyport.Proxy.ProxyProtocol;

/// <summary>The form in which a PROXY protocol header is written (haproxy, proxy-protocol.txt).</summary>
internal enum ProxyProtocolVersion
{
    /// <summary>A line of text.</summary>
    V1,

    /// <summary>Binary.</summary>
    V2,
}
