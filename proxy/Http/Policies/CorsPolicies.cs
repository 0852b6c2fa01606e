using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Everyport.Proxy.Http.Policies;

/// <summary>CORS policies as ASP.NET Core carries them out.</summary>
internal static class CorsPolicies
{
    public static CorsPolicy Of(CorsRules rules)
    {
        var builder = new CorsPolicyBuilder();
        _ = rules.Origins.Contains(CorsRules.Any) ? builder.AllowAnyOrigin()
            : builder.SetIsOriginAllowedToAllowWildcardSubdomains().WithOrigins([.. rules.Origins]);
        _ = rules.Methods.Contains(CorsRules.Any) ? builder.AllowAnyMethod() : builder.WithMethods([.. rules.Methods]);
        _ = rules.Headers.Contains(CorsRules.Any) ? builder.AllowAnyHeader() : builder.WithHeaders([.. rules.Headers]);
        builder.WithExposedHeaders([.. rules.ExposedHeaders]);
        if (rules.Credentials)
            builder.AllowCredentials();
        if (rules.MaxAge is { } maxAge)
            builder.SetPreflightMaxAge(maxAge);
        return builder.Build();
    }
}
