using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;
using Everyport.EndToEnd.Tests.Tls;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>A proxy under attack, and an origin that records what reaches it.</summary>
public class SecurityScene : Scene
{
    public const string Address = "127.100.1.2";

    /// <summary>The name in the certificate.</summary>
    public const string HostName = "a.example.com";

    /// <summary>Every port takes HTTP and TLS; what is neither is echoed. Only on <see cref="Headed"/> a PROXY header comes first.</summary>
    public const int Plain = 8000, Headed = 8100;

    private const int OriginPort = 7000, EchoPort = 7001;

    public SecurityScene()
        : this("")
    {
    }

    protected SecurityScene(string limits) => Arrange(() =>
    {
        var authority = Own(new Authority());
        authority.Issue("a", [HostName]).Dispose();
        Origin = Own(new RecordingOrigin(Namespace, OriginPort));
        Own(Origins.TcpServer.ThatEchoes(Namespace, "127.0.0.1", EchoPort));
        Everyport = Own(RunningEveryport.Start(Namespace,
            $$"""
            {
              "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
              "ReverseProxy": {
                "Routes": {
                  "all": { "ClusterId": "recorder", "Match": { "Path": "{**rest}" } },
                  "small": { "ClusterId": "recorder", "MaxRequestBodySize": 1000, "Match": { "Path": "/small" } }
                },
                "Clusters": {
                  "recorder": { "Destinations": { "a": { "Address": "http://127.0.0.1:{{OriginPort}}/" } }, "HttpRequest": { "Version": "1.1" } },
                  "echo": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:{{EchoPort}}" } } }
                }
              },
              "Tls": { "Certificates": { "a": { "Path": "{{authority.PathOf("a")}}" } } },
              "Streams": { "rest": { "ClusterId": "echo" } },
              "ProxyProtocol": { "balancer": { "Addresses": ["127.100.0.0/16"], "Ports": "{{Headed}}", "Sources": ["127.0.0.0/8"] } },
              "Limits": { "MaxConnectionsPerSource": 5000{{limits}} }
            }
            """));
    });

    internal RecordingOrigin Origin { get; private set; } = null!;

    internal RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>How often clients ran into a limit so far.</summary>
    public long Hits(string limit) => Count("limitsHit", limit);

    /// <summary>How often the proxy answered with an error for this reason so far.</summary>
    public long Errors(string reason) => Count("errors", reason);

    public void AssertCounted(string limit, long before = 0) =>
        Eventually.Holds(() => Hits(limit) > before, () => $"'{limit}' was not counted. The log: {Everyport.Output}");

    /// <summary>Sends bytes on a connection of their own and returns all that comes back, to the end or the break.</summary>
    public string Exchange(string bytes, int port = Plain) => Exchange(Encoding.Latin1.GetBytes(bytes), port);

    public string Exchange(byte[] bytes, int port = Plain) => Namespace.Run(() =>
    {
        using var socket = TcpClients.Connect(Address, port);
        return Encoding.Latin1.GetString(Exchange(socket, bytes));
    });

    /// <summary>Sends, says where asked to that there is no more, and receives to the end or the break. For inside the namespace.</summary>
    public static byte[] Exchange(Socket socket, byte[] bytes, bool isAll = false)
    {
        using var received = new MemoryStream();
        try
        {
            socket.Send(bytes);
            if (isAll)
                socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[64 * 1024];
            while (socket.Receive(buffer) is > 0 and var length)
                received.Write(buffer, 0, length);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // As good an end as any.
        }
        return received.ToArray();
    }

    /// <summary>An honest client gets its answer.</summary>
    public void AssertServesOthers() => Namespace.Run(() => Assert.Equal(new HttpClient10.Response(200, "ok"), HttpClient10.Get(Address, Plain)));

    /// <summary>No attack is worth a stack trace.</summary>
    public void AssertLogsNoException()
    {
        var exception = Everyport.Output.Split('\n').FirstOrDefault(line => line.Contains("\"Exception\"", StringComparison.Ordinal));
        Assert.True(exception is null, exception);
    }

    private long Count(string section, string name)
    {
        var body = Namespace.Run(() => HttpClient10.Get("127.0.0.1", 9464, "/api/status").Body);
        using var status = JsonDocument.Parse(body);
        return status.RootElement.GetProperty("http").GetProperty(section).TryGetProperty(name, out var count) ? count.GetInt64() : 0;
    }
}
