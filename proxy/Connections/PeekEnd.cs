namespace Everyport.Proxy.Connections;

/// <summary>How a look at the first bytes has ended.</summary>
internal enum PeekEnd
{
    /// <summary>The bytes were enough.</summary>
    Enough,

    /// <summary>The time is over.</summary>
    TimedOut,

    /// <summary>The client has closed its side, or the connection has broken.</summary>
    ClientEnded,
}
