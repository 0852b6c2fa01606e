namespace Everyport.Proxy.Clusters;

/// <summary>What checks say about a destination.</summary>
internal enum DestinationHealth
{
    /// <summary>Nothing has been found out yet.</summary>
    Unknown,

    /// <summary>It has answered.</summary>
    Healthy,

    /// <summary>It has failed as often in a row as the threshold says, and has not answered since.</summary>
    Unhealthy,
}
