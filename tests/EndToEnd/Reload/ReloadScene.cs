using System.Text;
using System.Text.Json;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;
using Everyport.EndToEnd.Tests.Tls;

namespace Everyport.EndToEnd.Tests.Reload;

/// <summary>
/// A proxy whose configuration changes. What is always there is called the ground: HTTP on any port, an echo of TCP and of UDP, and a
/// certificate. What comes and goes is <see cref="Other"/>.
/// </summary>
internal sealed class ReloadScene : Scene
{
    public const string Ground = "127.100.1.1", Other = "127.60.1.1", Admin = "127.0.0.1";
    public const int WebPort = 8080, EchoPort = 7000, QuestionPort = 53, TlsPort = 443, AdminPort = 9464;

    public ReloadScene() => Arrange(() =>
    {
        Authority = Own(new Authority());
        Authority.Issue("kept", ["kept.example.com"]);
        Authority.Issue("other", ["other.example.com"]);
        Own(TcpServer.ThatEchoes(Namespace, "127.0.0.1", 7001));
        Own(UdpServer.ThatRepeats(Namespace, 7002));
        Own(new NamedNginx(Namespace, "origin", "127.0.0.1", 7003));
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration()));
    });

    public Authority Authority { get; private set; } = null!;

    public RunningEveryport Everyport { get; private set; } = null!;

    public string Path => Everyport.ConfigurationPath;

    /// <summary>The ground, and with <paramref name="other"/> rules, routes, streams, clusters and a certificate besides.</summary>
    public string Configuration(bool other = false, string more = "") =>
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } {{(other ? """, "other": { "Prefixes": ["127.60.0.0/16"] }""" : "")}} } },
          "ReverseProxy": {
            "Routes": {
              "web": { "ClusterId": "web", "Match": { "Path": "{**rest}", "Addresses": ["127.100.0.0/16"] } }
              {{(other ? """, "other": { "ClusterId": "other-web", "RateLimiterPolicy": "many", "CorsPolicy": "all", "TimeoutPolicy": "long", "Match": { "Path": "{**rest}", "Ports": "8080", "Addresses": ["127.60.0.0/16"] } }""" : "")}}
            },
            "Clusters": {
              "web": { "Destinations": {
                "a": { "Address": "http://127.0.0.1:7003/" } {{(other ? """, "b": { "Address": "http://127.0.0.1:7003/" }""" : "")}} } },
              "echo": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:7001" } {{(other ? """, "b": { "Address": "tcp://127.0.0.1:7001" }""" : "")}} } },
              "question": { "Destinations": { "a": { "Address": "udp://127.0.0.1:7002" } } }
              {{(other ? """
                , "other-web": { "Destinations": { "a": { "Address": "http://127.0.0.1:7003/" } } }
                , "other-echo": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:7001" } } }
                """ : "")}}
            }
          },
          "Streams": {
            "echo": { "ClusterId": "echo", "Match": { "Ports": "7000" } },
            "question": { "ClusterId": "question", "Match": { "Protocol": "udp" } }
            {{(other ? """, "other-echo": { "ClusterId": "other-echo", "Match": { "Ports": "7070" }, "MaxConnections": 100 }""" : "")}}
          },
          "Policies": {
            {{(other ? """ "RateLimits": { "many": { "Permits": 100000 } }, "Cors": { "all": { "Origins": ["*"] } }, "Timeouts": { "long": { "Timeout": "00:05:00" } } """ : "")}}
          },
          "Tls": { "Certificates": {
            "kept": { "Path": "{{Authority.PathOf("kept")}}" }
            {{(other ? $$""", "other": { "Path": "{{Authority.PathOf("other")}}" }""" : "")}}
          } }
          {{more}}
        }
        """;

    /// <summary>The status of an answer on a new connection; 0 where there is no connection.</summary>
    public int Get(string address, int port = WebPort) => Namespace.Run(() =>
    {
        try
        {
            return HttpClient10.Get(address, port).Status;
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or System.Net.ProtocolViolationException)
        {
            return 0;
        }
    });

    /// <summary>Waits until the other address is served, or is not.</summary>
    public void AwaitOther(bool isThere) => Eventually.Holds(
        () => Get(Other) == (isThere ? 200 : 0), () => $"{Other} is {(isThere ? "not " : "")}served. {string.Join('\n', Everyport.Messages)}");

    /// <summary>Another file takes the place of the old one, as editors and deployments do it.</summary>
    public void Rename(string configuration)
    {
        var next = $"{Path}.next";
        File.WriteAllText(next, configuration);
        File.Move(next, Path, overwrite: true);
    }

    /// <summary>POST /api/reload.</summary>
    public (int Status, JsonElement Report) Post() => Namespace.Run(() =>
    {
        using var socket = TcpClients.Connect(Admin, AdminPort);
        socket.Send("POST /api/reload HTTP/1.0\r\nHost: 127.0.0.1:9464\r\nContent-Length: 0\r\n\r\n"u8);
        var text = Encoding.UTF8.GetString(TcpClients.ReceiveToEnd(socket));
        using var json = JsonDocument.Parse(text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]);
        return (int.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), json.RootElement.Clone());
    });

    /// <summary>What /api/status says of the configuration.</summary>
    public JsonElement Status() => Namespace.Run(() =>
    {
        using var json = JsonDocument.Parse(HttpClient10.Get(Admin, AdminPort, "/api/status").Body);
        return json.RootElement.GetProperty("configuration").Clone();
    });
}
