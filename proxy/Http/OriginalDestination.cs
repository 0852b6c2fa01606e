using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using Microsoft.AspNetCore.Http;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Http;

/// <summary>The address and port that the client of a request dialled.</summary>
internal static class OriginalDestination
{
    public static Endpoint Of(HttpContext context) =>
        new(Address.From(context.Connection.LocalIpAddress!), (ushort)context.Connection.LocalPort);

    /// <summary>The same, with the client.</summary>
    public static Steered WithClient(HttpContext context) =>
        new(new Endpoint(Address.From(context.Connection.RemoteIpAddress!), (ushort)context.Connection.RemotePort), Of(context));
}
