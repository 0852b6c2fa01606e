using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Everyport.Proxy.Http.Policies;

/// <summary>What carries out the policies of the configuration. The policies themselves are metadata of endpoints.</summary>
internal static class PolicyServices
{
    public static void AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton<RetryLog>();
        services.AddCors();
        services.AddRequestTimeouts();
    }

    /// <summary>Behind routing. What is not configured costs no request anything.</summary>
    public static void UsePolicies(this IApplicationBuilder app, HttpPolicies policies)
    {
        // A preflight asks whether a request may be made; it is none that a limit would count.
        if (policies.Cors.Count > 0)
            app.UseCors();
        if (policies.RateLimits.Count > 0)
            app.Use(next => new RateLimitMiddleware(next).InvokeAsync);
        // YARP fails every request of a route that has a Timeout where this is missing.
        app.UseRequestTimeouts();
    }
}
