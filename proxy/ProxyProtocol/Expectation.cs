namespace Everyport.Proxy.ProxyProtocol;

/// <summary>What a connection has to begin with.</summary>
internal enum Expectation
{
    /// <summary>What the client has to say: no header is read, and none is believed.</summary>
    None,

    /// <summary>A PROXY protocol header; the peer is trusted to write one.</summary>
    Header,

    /// <summary>Nothing is good enough: only trusted peers may connect here, and this is none.</summary>
    Refuse,
}
