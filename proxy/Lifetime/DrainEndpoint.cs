using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Lifetime;

/// <summary>What <c>POST /api/drain</c> answers: that the process is ending, and what is still open.</summary>
internal sealed record DrainStatus(bool Draining, int Connections, int Flows);

/// <summary><c>POST /api/drain</c> does what SIGTERM does.</summary>
internal static class DrainEndpoint
{
    public static void MapDrain(this IEndpointRouteBuilder endpoints, ProcessLifetime lifetime, Func<Drain?> drain) =>
        endpoints.MapPost("/api/drain", () =>
        {
            lifetime.End("POST /api/drain");
            return Results.Json(
                new DrainStatus(true, drain()?.OpenConnections ?? 0, drain()?.OpenFlows ?? 0), DrainJson.Default.DrainStatus, statusCode: StatusCodes.Status202Accepted);
        });
}

/// <summary>How a <see cref="DrainStatus"/> is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DrainStatus))]
internal sealed partial class DrainJson : JsonSerializerContext;
