using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Admin.Access;

/// <summary>
/// Decides who may use the admin host: (1) how it is, anybody may ask; (2) who has the token; (3) where there is none, who asks by a
/// name of ours; (4) nobody changes anything from the page of another site.
/// </summary>
internal sealed partial class AdminAccess(Func<AdminSettings> settings, TimeProvider time, ILogger<AdminAccess> logger)
{
    private static readonly Counter<long> Refused = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_admin_refused", unit: null, "Requests and connections that the admin host has refused, by reason.");

    private readonly ReasonTally<AdminRefusal> _tally = new(Refused, time);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // What is answered concerns those who may ask, and is old soon; and no other site shall make anything of it.
        var headers = context.Response.Headers;
        (headers.CacheControl, headers.XContentTypeOptions, headers["Cross-Origin-Resource-Policy"]) = ("no-store", "nosniff", "same-origin");

        // (1)
        if (context.Request.Path.Value is "/livez" or "/readyz")
            return next(context);
        return Find(context.Request) is { } refusal ? RefuseAsync(context, refusal) : next(context);
    }

    /// <summary>Counts a connection of which nothing is read.</summary>
    public void Count(AdminRefusal reason, object? client)
    {
        var total = _tally.Add(reason);
        if (_tally.IsLogDue(reason))
            Log(client, reason, total);
    }

    private AdminRefusal? Find(HttpRequest request)
    {
        var current = settings();
        // (2)
        if (current.Token is { } token ? !Credentials.Show(request.Headers.Authorization, token)
            // (3) No page of another site has the token.
            : !AdminHosts.Knows(request.Host, current.Hosts))
            return current.Token is null ? AdminRefusal.Host : AdminRefusal.Token;
        // (4)
        return CrossSite.IsChange(request) ? AdminRefusal.CrossSite : null;
    }

    private Task RefuseAsync(HttpContext context, AdminRefusal reason)
    {
        Count(reason, context.Connection.RemoteIpAddress);
        if (reason == AdminRefusal.Token)
            context.Response.Headers.WWWAuthenticate = Credentials.Challenges;
        context.Response.StatusCode = reason == AdminRefusal.Token ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason switch
        {
            AdminRefusal.Token => "This needs the token of Admin:Token: 'Authorization: Bearer TOKEN', or the token as the password.\n",
            AdminRefusal.Host => "This is not asked for by a name of this machine. Ask by its address, or add the name to Admin:Hosts, or set Admin:Token.\n",
            _ => "This cannot be changed from the page of another site.\n",
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The admin host refused {Client} ({Reason}, {Total} so far)")]
    private partial void Log(object? client, AdminRefusal reason, long total);
}
