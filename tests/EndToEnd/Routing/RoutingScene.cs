using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Routing;

/// <summary>One proxy with many HTTP routes, before nginx with a secret, an origin that shows what it gets, and the demo origin.</summary>
public sealed class RoutingScene : Scene
{
    public const string Address = "127.100.1.2";

    /// <summary>Where only <c>/public</c> of nginx is open, where all of it is, and where requests come back as they are.</summary>
    public const int Public = 8001, Whole = 8002, Mirror = 8003;

    /// <summary>Requests come back, changed by transforms of paths and from behind a path of the destination.</summary>
    public const int Cut = 8004, Put = 8005, Behind = 8006, QuerySet = 8007;

    /// <summary>Requests come back with <c>Forwarded</c>.</summary>
    public const int Forwarded = 8008;

    private const int NginxPort = 7002, MirrorPort = 7003;

    public RoutingScene() => Arrange(() =>
    {
        Own(new Nginx(Namespace, "", "open target=$request_uri", "location /admin { return 200 \"the secret\\n\"; }", NginxPort));
        Own(MirrorOrigin.Start(Namespace, MirrorPort));
        Own(RunningEveryport.Start(Namespace, Configuration));
    });

    /// <summary>Sends bytes on a connection of their own, and returns all that comes back.</summary>
    public string Exchange(string request, int port = Mirror) => Namespace.Run(() =>
    {
        using var socket = TcpClients.Connect(Address, port);
        socket.Send(Encoding.UTF8.GetBytes(request));
        return Encoding.UTF8.GetString(TcpClients.ReceiveToEnd(socket));
    });

    /// <summary>A request for a target with some headers; what comes back.</summary>
    public string Get(string target, int port = Mirror, string headers = "") =>
        Exchange($"GET {target} HTTP/1.1\r\nHost: one.example.com\r\nConnection: close\r\n{headers}\r\n", port);

    /// <summary>The target that the origin behind a port saw.</summary>
    public string TargetSeen(string target, int port = Mirror)
    {
        var answer = Get(target, port);
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return body.StartsWith("GET ", StringComparison.Ordinal) ? body.Split(' ')[1] : answer;
    }

    private static readonly string Configuration =
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
          "TrustedProxies": ["127.9.0.0/16"],
          "ReverseProxy": {
            "Routes": {
              "anything": { "ClusterId": "demo", "Match": { "Path": "{**rest}" }, "Transforms": [{ "RequestHeader": "X-Route", "Set": "anything" }] },
              "host": { "ClusterId": "demo", "Match": { "Hosts": ["one.example.com"], "Ports": "9000-9099" }, "Transforms": [{ "RequestHeader": "X-Route", "Set": "host" }] },
              "wildcard": { "ClusterId": "demo", "Match": { "Hosts": ["*.example.org"], "Ports": "9000-9099" }, "Transforms": [{ "RequestHeader": "X-Route", "Set": "wildcard" }] },
              "method": { "ClusterId": "demo", "Match": { "Path": "/things/{id}", "Methods": ["PUT", "DELETE"], "Ports": "9001" }, "Transforms": [{ "RequestHeader": "X-Route", "Set": "method" }] },
              "header": { "ClusterId": "demo", "Match": { "Path": "{**rest}", "Ports": "9002", "Headers": [{ "Name": "X-Beta", "Values": ["on"] }] }, "Order": -2, "Transforms": [{ "RequestHeader": "X-Route", "Set": "header" }] },
              "query": { "ClusterId": "demo", "Match": { "Path": "{**rest}", "Ports": "9002", "QueryParameters": [{ "Name": "version", "Values": ["2"] }] }, "Order": -1, "Transforms": [{ "RequestHeader": "X-Route", "Set": "query" }] },
              "source": { "ClusterId": "demo", "Match": { "Path": "{**rest}", "Ports": "9003", "Sources": ["127.8.0.0/16"] }, "Transforms": [{ "RequestHeader": "X-Route", "Set": "source" }] },
              "nearer": { "ClusterId": "demo", "Match": { "Path": "{**rest}", "Ports": "9003", "Sources": ["127.8.1.0/24"] }, "Transforms": [{ "RequestHeader": "X-Route", "Set": "nearer" }] },
              "address": { "ClusterId": "demo", "Match": { "Path": "/here/{**rest}", "Addresses": ["127.100.9.0/24"] }, "Transforms": [{ "RequestHeader": "X-Route", "Set": "address" }] },
              "only-path": { "ClusterId": "demo", "Match": { "Path": "/only", "Ports": "9004" }, "Transforms": [{ "RequestHeader": "X-Route", "Set": "only-path" }] },
              "only-put": { "ClusterId": "demo", "Match": { "Path": "{**rest}", "Methods": ["PUT"], "Ports": "9005", "Addresses": ["127.100.5.0/24"] }, "Order": -1 },
              "public": { "ClusterId": "nginx", "Match": { "Path": "/public/{**rest}", "Ports": "{{Public}}" }, "Order": -1 },
              "nothing-else": { "ClusterId": "nobody", "Match": { "Path": "{**rest}", "Ports": "{{Public}}" } },
              "whole": { "ClusterId": "nginx", "Match": { "Path": "{**rest}", "Ports": "{{Whole}}" } },
              "mirror": { "ClusterId": "mirror", "Match": { "Path": "{**rest}", "Ports": "{{Mirror}}" } },
              "cut": { "ClusterId": "mirror", "Match": { "Path": "/cut/{**rest}", "Ports": "{{Cut}}" }, "Transforms": [{ "PathRemovePrefix": "/cut" }] },
              "put": { "ClusterId": "mirror", "Match": { "Path": "{**rest}", "Ports": "{{Put}}" }, "Transforms": [{ "PathPrefix": "/put" }] },
              "behind": { "ClusterId": "behind", "Match": { "Path": "{**rest}", "Ports": "{{Behind}}" } },
              "query-set": { "ClusterId": "mirror", "Match": { "Path": "{**rest}", "Ports": "{{QuerySet}}" }, "Transforms": [{ "QueryValueParameter": "more", "Set": "1" }] },
              "forwarded": { "ClusterId": "mirror", "Match": { "Path": "{**rest}", "Ports": "{{Forwarded}}" }, "Transforms": [
                { "Forwarded": "for,by,host,proto", "ForFormat": "IpAndPort", "ByFormat": "IpAndPort", "Action": "Append" }] }
            },
            "Clusters": {
              "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } },
              "nginx": { "Destinations": { "a": { "Address": "http://127.0.0.1:{{NginxPort}}/" } } },
              "nobody": { "Destinations": {} },
              "mirror": { "Destinations": { "a": { "Address": "http://127.0.0.1:{{MirrorPort}}/" } }, "HttpRequest": { "Version": "1.1" } },
              "behind": { "Destinations": { "a": { "Address": "http://127.0.0.1:{{MirrorPort}}/base%2Fx/../y/" } }, "HttpRequest": { "Version": "1.1" } }
            }
          },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;
}
