using System.Diagnostics;

namespace Everyport.Proxy.Tracing;

/// <summary>Where all spans come from, and what they have in common. Names of attributes are those of OpenTelemetry's conventions, as far as these go.</summary>
internal static class Spans
{
    public const string Name = "Everyport", Route = "everyport.route", Cluster = "everyport.cluster", Destination = "everyport.destination", Original = "everyport.original_destination",
        ClientAddress = "client.address", ClientPort = "client.port", ErrorType = "error.type", RequestMethod = "http.request.method", ResponseStatus = "http.response.status_code",
        ServerAddress = "server.address", ServerPort = "server.port";

    /// <summary>One for the process: it lives as long as this does.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>A method as attributes may have it: clients make up as many as they like.</summary>
    public static string MethodOf(string method) => method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "CONNECT" or "OPTIONS" or "TRACE" or "PATCH" ? method : "_OTHER";
}
