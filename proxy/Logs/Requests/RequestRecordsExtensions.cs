using Microsoft.AspNetCore.Builder;

namespace Everyport.Proxy.Logs.Requests;

/// <summary>Puts it into the proxy host.</summary>
internal static class RequestRecordsExtensions
{
    /// <summary>Goes before every other middleware.</summary>
    public static void UseRequestRecords(this IApplicationBuilder app, Records records) => app.Use(next => new RequestRecords(next, records).InvokeAsync);
}
