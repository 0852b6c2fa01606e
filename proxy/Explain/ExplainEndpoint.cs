using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Explain;

/// <summary><c>GET /api/explain</c>: the same as the command, with what is in force, guard rails included.</summary>
internal static class ExplainEndpoint
{
    public const string Path = "/api/explain";

    public static void MapExplain(this IEndpointRouteBuilder app, Func<RunningExplainer?> current) => app.MapGet(Path, (HttpRequest request) =>
    {
        var query = request.Query;
        var texts = new QuestionParser.Texts(query["protocol"], query["destination"])
        {
            Source = query["source"],
            Sni = query["sni"],
            Alpn = [.. query["alpn"].OfType<string>()],
            Host = query["host"],
            Path = query["path"],
            Method = query["method"],
            Headers = [.. query["header"].OfType<string>()],
        };
        if (current() is not { } explainer)
            return Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        return QuestionParser.TryParse(texts, out var question, out var error)
            ? Results.Json(explainer.Explain(question!), ExplanationJson.Default.Explanation)
            : Results.Json(new ExplainRefusal(error!), ExplanationJson.Default.ExplainRefusal, statusCode: StatusCodes.Status400BadRequest);
    });
}

/// <summary>What is wrong with a question.</summary>
internal sealed record ExplainRefusal(string Error);

/// <summary>How explanations are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(ExplainRefusal))]
internal sealed partial class ExplanationJson : JsonSerializerContext;
