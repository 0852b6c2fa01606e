using System.Diagnostics;
using System.Diagnostics.Metrics;
using Everyport.Proxy.Logs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Everyport.Proxy.Http.Guard;

/// <summary>Puts the guard of Kestrel into the proxy host.</summary>
internal static class GuardExtensions
{
    /// <summary>Counts what Kestrel refuses.</summary>
    public static void CountRefusals(this WebApplication app, Records records)
    {
        var refusals = new KestrelRefusals(
            app.Services.GetRequiredService<HttpLimitHits>(), records, app.Services.GetRequiredService<IMeterFactory>(), app.Services.GetRequiredService<DiagnosticListener>());
        app.Lifetime.ApplicationStopped.Register(refusals.Dispose);
    }
}
