using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Everyport.Proxy.Http;

/// <summary>YARP as this process uses it.</summary>
internal static class YarpServices
{
    public static IReverseProxyBuilder AddYarp(this IServiceCollection services)
    {
        // The keys of affinity cookies live in memory: nothing is written to the operator's home.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        return services.AddReverseProxy();
    }
}
