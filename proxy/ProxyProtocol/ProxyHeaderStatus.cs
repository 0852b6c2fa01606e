namespace Everyport.Proxy.ProxyProtocol;

/// <summary>What the bytes so far amount to.</summary>
internal enum ProxyHeaderStatus
{
    /// <summary>They can still become a header.</summary>
    NeedMore,

    /// <summary>No bytes that may follow make them a header.</summary>
    Malformed,

    /// <summary>They begin with a whole header.</summary>
    Complete,
}
