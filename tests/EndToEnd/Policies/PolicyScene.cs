using System.Globalization;
using System.Text;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Policies;

/// <summary>One proxy, with a port for each kind of cluster and route, before two origins, a and b, and some that fail.</summary>
public sealed class PolicyScene : Scene
{
    public const int Pair = 7001, FirstIsDown = 7002, NobodyIsThere = 7003, Stalls = 7004, Breaks = 7005, Empty = 7006, Limited = 7007, Cors = 7008, ShortTimeout = 7009,
        SmallBody = 7010, Retries503 = 7011, NoRetries = 7012, Narrow = 7013, Stuck = 7014, Moving = 7015, HeaderAffinity = 7016, PerRoute = 7018, Babbles = 7019, Hollow = 7020;

    private const string Steered = "198.51.100.9", StuckAddress = "127.0.0.13";
    private const int OriginPort = 8080;

    public PolicyScene() => Arrange(() =>
    {
        A = Own(new NamedNginx(Namespace, "a", "127.0.0.11", OriginPort));
        B = Own(new NamedNginx(Namespace, "b", "127.0.0.12", OriginPort));
        Own(TcpServer.With(Namespace, StuckAddress, Stalls, connection =>
        {
            while (connection.Receive(new byte[4096]) > 0) { }
        }));
        Own(TcpServer.ThatBreaks(Namespace, StuckAddress, Breaks, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
        Own(TcpServer.WithBanner(Namespace, StuckAddress, Babbles, "SSH-2.0-OpenSSH_9.2\r\n"));
        Own(TcpServer.With(Namespace, StuckAddress, Hollow, connection =>
        {
            connection.Receive(new byte[4096]);
            connection.Send("HTTP/1.1 502 Bad Gateway\r\nX-Origin: hollow\r\nContent-Length: 0\r\n\r\n"u8);
        }));
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration));
    });

    internal NamedNginx A { get; private set; } = null!;

    internal NamedNginx B { get; private set; } = null!;

    internal RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>Asks with curl; the first line of the output is the status, then come the headers and the body.</summary>
    internal Answer Ask(int port, string path, params string[] options)
    {
        var result = Namespace.TryExec("curl", ["-sS", "-i", "--max-time", "60", .. options, string.Create(CultureInfo.InvariantCulture, $"http://{Steered}:{port}{path}")]);
        return Answer.Parse(result.Output);
    }

    /// <summary>What several requests are answered, one after the other.</summary>
    public string Hear(int port, int times, params string[] options)
    {
        var heard = new StringBuilder();
        for (var i = 0; i < times; i++)
            heard.Append(Ask(port, "/", options).Body);
        return heard.ToString();
    }

    private static string Two(string more, string a = "127.0.0.11:8080", string b = "127.0.0.12:8080") =>
        $$"""{ {{more}} "Destinations": { "a": { "Address": "http://{{a}}/" }, "b": { "Address": "http://{{b}}/" } } }""";

    private static string One(string address, string more = "") => $$"""{ {{more}} "Destinations": { "only": { "Address": "http://{{address}}/" } } }""";

    private static string Route(int port, string cluster, string more = "", string match = """ "Path": "{**rest}" """) =>
        $$""" "{{port}}": { "ClusterId": "{{cluster}}", {{more}} "Match": { {{match}}, "Ports": "{{port}}" } }""";

    private const string InOrder = """ "LoadBalancingPolicy": "FirstAlphabetical", """;
    private const string Session = """ "LoadBalancingPolicy": "RoundRobin", "SessionAffinity": { "Enabled": true, "AffinityKeyName": "Place", """;

    private static readonly string Configuration =
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24", "2001:db8:7::/48"] } } },
          "Policies": {
            "RateLimits": {
              "two": { "Algorithm": "FixedWindow", "Permits": 2, "Window": "01:00:00" },
              "three": { "Algorithm": "SlidingWindow", "Permits": 3, "Window": "01:00:00", "Per": "Route" }
            },
            "Cors": { "site": { "Origins": ["https://*.example.com"], "Methods": ["PUT"], "Headers": ["X-Token"], "Credentials": true, "MaxAge": "00:10:00" } },
            "Timeouts": { "short": { "Timeout": "00:00:01" } },
            "Retries": { "busy": { "Attempts": 2, "On": ["ConnectFailed", "503"] } }
          },
          "ReverseProxy": {
            "Routes": {
              {{Route(Pair, "pair")}},
              {{Route(FirstIsDown, "first-is-down")}},
              {{Route(NobodyIsThere, "nobody")}},
              {{Route(Stalls, "stalls")}},
              {{Route(Breaks, "breaks")}},
              {{Route(Babbles, "babbles")}},
              {{Route(Hollow, "hollow")}},
              {{Route(Empty, "empty")}},
              {{Route(Limited, "pair", """ "RateLimiterPolicy": "two", """)}},
              {{Route(PerRoute, "pair", """ "RateLimiterPolicy": "THREE", """)}},
              {{Route(Cors, "pair", """ "CorsPolicy": "site", """)}},
              {{Route(ShortTimeout, "stalls-for-long", """ "TimeoutPolicy": "short", """)}},
              {{Route(SmallBody, "pair", """ "MaxRequestBodySize": 10, """)}},
              {{Route(Retries503, "pair", """ "RetryPolicy": "busy", """)}},
              {{Route(NoRetries, "first-is-down", """ "RetryPolicy": "Disable", """)}},
              {{Route(Narrow, "pair", match: """ "Path": "/here", "Methods": ["GET"] """)}},
              {{Route(Stuck, "stuck")}},
              {{Route(Moving, "moving")}},
              {{Route(HeaderAffinity, "by-header")}}
            },
            "Clusters": {
              "pair": {{Two(InOrder)}},
              "first-is-down": {{Two(InOrder, a: "127.0.0.14:1")}},
              "nobody": {{One("127.0.0.14:1")}},
              "stalls": {{One($"{StuckAddress}:{Stalls}", """ "HttpRequest": { "ActivityTimeout": "00:00:01" }, """)}},
              "stalls-for-long": {{One($"{StuckAddress}:{Stalls}")}},
              "breaks": {{One($"{StuckAddress}:{Breaks}")}},
              "babbles": {{One($"{StuckAddress}:{Babbles}")}},
              "hollow": {{One($"{StuckAddress}:{Hollow}")}},
              "empty": { "HttpRequest": { "ActivityTimeout": "00:00:20" }, "Destinations": { } },
              "stuck": {{Two(Session + """ "Policy": "Cookie", "FailurePolicy": "Return503Error" }, """)}},
              "moving": {{Two(Session + """ "Policy": "HashCookie" }, """)}},
              "by-header": {{Two(Session + """ "Policy": "CustomHeader" }, """)}}
            }
          }
        }
        """;
}
