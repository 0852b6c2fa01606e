using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Policies;

/// <summary>Whether a request that belongs to a session may leave its destination.</summary>
internal static class Affinity
{
    private const string StaysWhereItIs = "Return503Error";

    /// <summary>
    /// Asked before load balancing. The operator says it by the <c>FailurePolicy</c> of the cluster's <c>SessionAffinity</c>:
    /// who has the session redistributed when its destination is unhealthy wants that when it fails, too.
    /// </summary>
    public static bool MayMove(IReverseProxyFeature proxy) =>
        proxy.AvailableDestinations is not DestinationState || !StaysWhereItIs.Equals(proxy.Cluster.Config.SessionAffinity?.FailurePolicy, StringComparison.OrdinalIgnoreCase);
}
