namespace Everyport.Proxy.Clusters;

/// <summary>How a destination is picked from those that are available: the values of <c>LoadBalancingPolicy</c> of a stream cluster.</summary>
internal enum LoadBalancing
{
    /// <summary>Of two at random the one with fewer connections. The default for TCP.</summary>
    PowerOfTwoChoices,

    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>The one with the fewest connections. <c>LeastRequests</c>, YARP's name, means the same.</summary>
    LeastConnections,

    /// <summary>Any.</summary>
    Random,

    /// <summary>The first by name; the others are for when it is not available.</summary>
    FirstAlphabetical,

    /// <summary>The same one for the same client address. The default for UDP.</summary>
    SourceHash,
}
