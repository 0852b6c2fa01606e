using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Everyport.Proxy.Http.Policies;

/// <summary>Hands the policies of the configuration to the middleware of ASP.NET Core that carries them out.</summary>
internal static class PolicyServices
{
    public static void AddPolicies(this IServiceCollection services, HttpConfiguration configuration)
    {
        services.AddSingleton(configuration);
        services.AddSingleton<RoutePlans>();
        services.AddSingleton<RetryLog>();
        services.AddSingleton<HttpState>();
        var policies = configuration.Policies;
        services.AddCors(options =>
        {
            foreach (var (name, rules) in policies.Cors)
                options.AddPolicy(name, builder => Configure(builder, rules));
        });
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = (rejected, _) =>
            {
                RateLimitPartitions.Refuse(rejected);
                return ValueTask.CompletedTask;
            };
            foreach (var (name, limit) in policies.RateLimits)
                options.AddPolicy(name, new RateLimitPartitions(limit, policies).PartitionOf);
        });
        services.AddRequestTimeouts(options =>
        {
            foreach (var (name, timeout) in policies.Timeouts)
                options.AddPolicy(name, timeout);
        });
    }

    /// <summary>Behind routing. What is not configured costs no request anything.</summary>
    public static void UsePolicies(this IApplicationBuilder app, HttpPolicies policies)
    {
        // A preflight asks whether a request may be made; it is none that a limit would count.
        if (policies.Cors.Count > 0)
            app.UseCors();
        if (policies.RateLimits.Count > 0)
            app.UseRateLimiter();
        // YARP fails every request of a route that has a Timeout where this is missing.
        app.UseRequestTimeouts();
    }

    private static void Configure(CorsPolicyBuilder builder, CorsRules rules)
    {
        _ = rules.Origins.Contains(CorsRules.Any) ? builder.AllowAnyOrigin()
            : builder.SetIsOriginAllowedToAllowWildcardSubdomains().WithOrigins([.. rules.Origins]);
        _ = rules.Methods.Contains(CorsRules.Any) ? builder.AllowAnyMethod() : builder.WithMethods([.. rules.Methods]);
        _ = rules.Headers.Contains(CorsRules.Any) ? builder.AllowAnyHeader() : builder.WithHeaders([.. rules.Headers]);
        builder.WithExposedHeaders([.. rules.ExposedHeaders]);
        if (rules.Credentials)
            builder.AllowCredentials();
        if (rules.MaxAge is { } maxAge)
            builder.SetPreflightMaxAge(maxAge);
    }
}
