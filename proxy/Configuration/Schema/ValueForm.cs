using System.Net;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using Everyport.Proxy.Tracing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration.Schema;

/// <summary>What a single value looks like in JSON.</summary>
/// <param name="Schema">As JSON schema.</param>
/// <param name="Name">The name under which the schema defines it once; null where it is written out each time.</param>
internal sealed partial record ValueForm(JsonObject Schema, string? Name = null)
{
    private const string Off = "off";

    public static ValueForm Text { get; } = new(new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "null") });

    public static ValueForm Flag { get; } = new(new JsonObject { ["type"] = "boolean" });

    public static ValueForm Number(long least, long most) => new(new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most });

    public static ValueForm OneOf(params IEnumerable<string> names) => new(new JsonObject { ["enum"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) });

    /// <summary>The same, or <c>off</c>.</summary>
    public ValueForm OrOff() => new(new JsonObject { ["anyOf"] = new JsonArray(Reference(), new JsonObject { ["const"] = Off }) }) { Inner = this };

    /// <summary>What it is, where it is not <c>off</c>; null for a form without that.</summary>
    public ValueForm? Inner { get; private init; }

    /// <summary>What a reader that makes a value of this type reads.</summary>
    public static ValueForm Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Known.TryGetValue(type, out var form) ? form
            : type.IsEnum ? OneOf(Enum.GetNames(type))
            : Text;
    }

    /// <summary>A default as it would be written; null where that is none.</summary>
    public JsonNode? DefaultOf(object? value) => value switch
    {
        null => Inner is not null || Schema == BytesOrOff.Schema ? Off : null,
        bool flag => flag,
        int number => number,
        long number => number,
        double number => number,
        TimeSpan duration => duration.ToString(duration.Ticks % TimeSpan.TicksPerSecond == 0 ? "c" : @"hh\:mm\:ss\.fff"),
        SslProtocols protocols => protocols.HasFlag(SslProtocols.Tls12) ? "1.2" : "1.3",
        OtlpProtocol protocol => protocol == OtlpProtocol.Grpc ? "grpc" : "http/protobuf",
        Protocols protocol => protocol == Protocols.Tcp ? "tcp" : "udp",
        Enum or PortRanges or IPEndPoint => value.ToString(),
        _ => null,
    };

    /// <summary>How the schema of a key refers to it.</summary>
    public JsonObject Reference() => Name is null ? Schema.DeepClone().AsObject() : new JsonObject { ["$ref"] = $"#/$defs/{Name}" };
}
