using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Everyport.Proxy.Http.Errors;

/// <summary>How a step of the HTTP pipeline refuses a request, and the middleware that then answers it.</summary>
internal static class HttpErrors
{
    /// <summary>
    /// Refuses a request: the caller returns without calling the next step, and the outermost middleware writes the
    /// answer, the log and the counter.
    /// </summary>
    public static void Refuse(HttpContext context, HttpErrorReason reason, string? detail = null)
    {
        context.Response.StatusCode = HttpErrorAnswers.Of(reason).Status;
        context.Features.Set(new HttpErrorFeature(reason, detail));
    }

    public static void AddHttpErrors(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<HttpErrorCount>();
    }

    /// <summary>Goes before every other middleware.</summary>
    public static void UseHttpErrors(this IApplicationBuilder app) => app.UseMiddleware<HttpErrorMiddleware>();
}
