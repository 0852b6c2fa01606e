using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Everyport.Proxy.Http;

/// <summary>YARP as this process uses it.</summary>
internal static class YarpServices
{
    public static IReverseProxyBuilder AddYarp(this IServiceCollection services)
    {
        services.AddDataProtection().AddKeyManagementOptions(options => options.XmlRepository = new KeysInMemory());
        return services.AddReverseProxy();
    }
}
