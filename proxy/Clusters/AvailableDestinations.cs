namespace Everyport.Proxy.Clusters;

/// <summary>Which destinations may be picked: the values of <c>HealthCheck:AvailableDestinationsPolicy</c>.</summary>
internal enum AvailableDestinations
{
    /// <summary>Those that are not unhealthy.</summary>
    HealthyAndUnknown,

    /// <summary>Those that are not unhealthy, or all where every one is unhealthy.</summary>
    HealthyOrPanic,
}
