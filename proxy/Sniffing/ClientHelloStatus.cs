namespace Everyport.Proxy.Sniffing;

/// <summary>How far the reading of a ClientHello has come.</summary>
internal enum ClientHelloStatus
{
    /// <summary>It goes on in bytes that have not arrived.</summary>
    Incomplete,

    /// <summary>It is none, and no further byte can make it one.</summary>
    Malformed,

    /// <summary>It is all there.</summary>
    Complete,
}
