using System.Collections.Concurrent;
using System.Text;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Lifecycle;

/// <summary>Origins of all kinds that outlive the proxies in front of them, one or two at a time.</summary>
public sealed class LifecycleScene : IDisposable
{
    public const string Address = "127.100.1.2";
    public const int HttpPort = 80, StreamPort = 7, FlowPort = 53;

    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly List<IDisposable> _owned = [];
    private readonly ManualResetEventSlim _slow = new();

    public LifecycleScene()
    {
        try
        {
            _owned.Add(TcpServer.With(Namespace, "127.0.0.1", 7001, ServeHttp));
            _owned.Add(TcpServer.ThatEchoes(Namespace, "127.0.0.1", 7002));
            _owned.Add(UdpServer.ThatRepeats(Namespace, 7003));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkNamespace Namespace { get; } = new();

    public PinPath Pins { get; } = new();

    /// <summary>The paths of the requests that the origin has begun with.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Has the origin answer the requests for <c>/slow</c>.</summary>
    public void AnswerSlowRequests() => _slow.Set();

    /// <summary>A proxy with the settings of <paramref name="steering"/> and <paramref name="lifetime"/>, parts of JSON.</summary>
    internal RunningEveryport Start(string lifetime = "", string steering = "", params string[] before) => RunningEveryport.Start(Namespace, Configuration(lifetime, steering), before);

    /// <summary>A proxy whose steering is pinned; where another one has it, that one's place is taken.</summary>
    internal RunningEveryport StartPinned(string lifetime = "")
    {
        var everyport = Start(lifetime, PinSetting, WithPins);
        _owned.Add(everyport);
        return everyport;
    }

    /// <summary>Runs a program where bpffs is mounted: <c>ip netns exec</c> mounts /sys anew.</summary>
    public static string[] WithPins => ["nsenter", $"--mount=/proc/{Environment.ProcessId}/ns/mnt", "--"];

    public string PinSetting => $"\"PinPath\": \"{Pins.Path}\"";

    public static string Configuration(string lifetime = "", string steering = "") =>
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } }, {{steering}} },
          "ReverseProxy": {
            "Routes": { "web": { "ClusterId": "web", "Match": { "Path": "{**rest}", "Ports": "80" } } },
            "Clusters": {
              "web": { "Destinations": { "a": { "Address": "http://127.0.0.1:7001/" } } },
              "echo": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:7002" } } },
              "dns": { "Destinations": { "a": { "Address": "udp://127.0.0.1:7003" } } }
            }
          },
          "Streams": {
            "echo": { "ClusterId": "echo", "Match": { "Ports": "7" } },
            "dns": { "ClusterId": "dns", "Match": { "Protocol": "udp", "Ports": "53" } }
          },
          "Lifetime": { {{lifetime}} }
        }
        """;

    public void Dispose()
    {
        AnswerSlowRequests();
        foreach (var owned in _owned.AsEnumerable().Reverse())
            owned.Dispose();
        Namespace.Dispose();
        Pins.Dispose();
        _slow.Dispose();
    }

    private void ServeHttp(System.Net.Sockets.Socket connection)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (connection.Receive(buffer) == 1)
        {
            head.Append((char)buffer[0]);
            if (buffer[0] != '\n' || !head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                continue;
            var path = head.ToString().Split(' ')[1];
            Requests.Enqueue(path);
            if (path == "/slow")
                _slow.Wait();
            connection.Send(Encoding.ASCII.GetBytes(Answer));
            head.Clear();
        }
    }
}
