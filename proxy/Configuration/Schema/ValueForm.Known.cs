using System.Net;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using Everyport.Proxy.Logs;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tracing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration.Schema;

/// <content>The forms of values that readers make, by type. Patterns let through what only a parser can tell to be wrong, and never refuse what is right.</content>
internal sealed partial record ValueForm
{
    private const string Number255 = "[0-9]{1,3}";

    /// <summary>A number of bytes; of its type there is only this one.</summary>
    private static readonly ValueForm BytesOrOff = new(new JsonObject
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 0 }, new JsonObject { ["const"] = Off }),
    });

    private static readonly Dictionary<Type, ValueForm> Known = new()
    {
        [typeof(bool)] = Flag,
        [typeof(long)] = BytesOrOff,
        [typeof(TimeSpan)] = Defined("duration", "A time span: hours, minutes, seconds, as in 00:00:30 or 00:00:00.250.", @"^([0-9]+\.)?[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]{1,7})?)?$"),
        [typeof(PortRanges)] = new(new JsonObject
        {
            ["description"] = "Ports: * for all, or a list of ports and ranges such as 80,443,8000-8999.",
            ["type"] = new JsonArray("string", "integer"),
            ["pattern"] = @"^\s*(\*|[0-9]{1,5}\s*(-\s*[0-9]{1,5}\s*)?(,\s*[0-9]{1,5}\s*(-\s*[0-9]{1,5}\s*)?)*)$",
            ["minimum"] = 1,
            ["maximum"] = ushort.MaxValue,
        }, "ports"),
        [typeof(Prefix)] = Defined("prefix", "A prefix such as 198.51.100.0/24 or 2001:db8::/32, or an address.", $@"^({Number255}(\.{Number255}){{3}}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(/[0-9]{{1,3}})?$"),
        [typeof(IPEndPoint)] = Defined("endpoint", "An address with a port, such as 127.0.0.1:9464 or [::1]:9464.", $@"^({Number255}(\.{Number255}){{3}}|\[[0-9A-Fa-f:.]+(%[^\]]+)?\]):[0-9]{{1,5}}$"),
        [typeof(ServerNamePattern)] = Defined("serverName", "A host name such as a.example.com, or *.example.com for all names below one.", @"^\S+$"),
        [typeof(StreamDestination)] = Defined("streamDestination", "tcp://HOST:PORT, tls://HOST:PORT or udp://HOST:PORT; HOST may be {address}, PORT {port}: those that the client dialled.", @"^(tcp|tls|udp)://\S+$"),
        [typeof(double)] = new(new JsonObject
        {
            ["description"] = "A share: 20% or 0.2.",
            ["type"] = new JsonArray("string", "number"),
            ["pattern"] = @"^\s*[0-9]*\.?[0-9]+\s*%?\s*$",
            ["exclusiveMinimum"] = 0,
            ["maximum"] = 1,
        }, "share"),
        [typeof(RetryCondition)] = new(new JsonObject
        {
            ["anyOf"] = new JsonArray(
                OneOf(RetryReader.Retryable.Select(reason => reason.ToString())).Schema,
                new JsonObject { ["type"] = "integer", ["minimum"] = 429, ["maximum"] = 599 },
                new JsonObject { ["type"] = "string", ["pattern"] = "^(429|5[0-9]{2})$" }),
        }),
        [typeof(Protocols)] = OneOf("tcp", "udp"),
        [typeof(RecordKinds)] = OneOf("Requests", "Streams", "Flows"),
        [typeof(OtlpProtocol)] = OneOf("grpc", "http/protobuf"),
        [typeof(ProxyProtocolVersion)] = OneOf("v1", "v2"),
        [typeof(Expectation)] = OneOf("Refuse", "Direct"),
        [typeof(SslProtocols)] = OneOf("1.2", "1.3"),
    };

    private static ValueForm Defined(string name, string description, string pattern) =>
        new(new JsonObject { ["description"] = description, ["type"] = "string", ["pattern"] = pattern }, name);
}
