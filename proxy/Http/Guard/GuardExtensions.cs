using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Everyport.Proxy.Http.Guard;

/// <summary>Puts the guard into the proxy host.</summary>
internal static class GuardExtensions
{
    /// <summary>Counts what Kestrel refuses, and refuses what it does not; goes before everything that looks at requests.</summary>
    public static void UseRequestGuard(this WebApplication app, HttpLimits limits)
    {
        var hits = app.Services.GetRequiredService<HttpLimitHits>();
        var refusals = new KestrelRefusals(
            hits, app.Services.GetRequiredService<IMeterFactory>(), app.Services.GetRequiredService<DiagnosticListener>());
        app.Lifetime.ApplicationStopped.Register(refusals.Dispose);
        app.Use(next => new RequestGuard(next, limits, hits).InvokeAsync);
    }
}
