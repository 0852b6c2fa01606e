using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Http;

/// <summary>
/// Has YARP not check again what <see cref="Configuration.HttpReader"/> has had its own validator check: with 10,000 routes, that takes as
/// long as all the rest of a reload of YARP, and it would look for policies that are not ASP.NET Core's here.
/// </summary>
internal sealed class CheckedBefore : IConfigValidator
{
    public ValueTask<IList<Exception>> ValidateRouteAsync(RouteConfig route) => new([]);

    public ValueTask<IList<Exception>> ValidateClusterAsync(ClusterConfig cluster) => new([]);
}
