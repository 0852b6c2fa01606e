namespace Everyport.Proxy.ProxyProtocol;

/// <summary>The two forms of a PROXY header (HAProxy's proxy-protocol.txt, sections 2.1 and 2.2).</summary>
internal enum ProxyProtocolVersion
{
    /// <summary>Text.</summary>
    V1,

    /// <summary>Binary.</summary>
    V2,
}
