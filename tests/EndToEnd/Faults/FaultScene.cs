using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Faults;

/// <summary>
/// Destinations of every bad manner behind one proxy, and one that is good (<see cref="Echo"/>).
/// </summary>
public sealed class FaultScene : LinkedScene
{
    public const int Echo = 7000, Silent = 7001, ShortLived = 7002, SwallowedFirst = 7003, Swallowed = 7004, FinishesFirst = 7005, NeverReads = 7006, Iperf3 = 5201;

    public const string Beginning = "all that the server has to say";

    private readonly ManualResetEventSlim _released = new();

    public FaultScene() => Arrange(() =>
    {
        Own(TcpServer.ThatEchoes(Namespace, "127.0.0.1", Echo));
        Own(TcpServer.ThatWatches(Namespace, "127.0.0.1", Silent, Endings.Add));
        Own(TcpServer.With(Namespace, "127.0.0.1", FinishesFirst, FinishThenReceive));
        Own(TcpServer.With(Namespace, "127.0.0.1", NeverReads, _ => _released.Wait()));
        Own(Iperf.Start(Namespace, Iperf3));
        Everyport = Own(RunningEveryport.Start(Namespace, Configuration));
    });

    internal RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>How connections to the silent server have ended.</summary>
    public BlockingCollection<string> Endings { get; } = [];

    /// <summary>What the server has received that finishes first.</summary>
    public BlockingCollection<string> Received { get; } = [];

    public void CutOffClient() => Namespace.Ip("link", "set", ToClient, "down");

    public void ConnectClientAgain() => Namespace.Ip("link", "set", ToClient, "up");

    /// <summary>Has the server that never reads end its connections.</summary>
    public void Release() => _released.Set();

    /// <summary>The others are served: from the machine of the proxy, whatever there is with that of the client.</summary>
    public void AssertOthersAreServed() => Namespace.Run(() =>
    {
        using var other = TcpClients.Connect(Steered, Echo);
        AssertEchoed(other, "others");
    });

    public static void AssertEchoed(Socket client, string text)
    {
        client.Send(Encoding.ASCII.GetBytes(text));
        Assert.Equal(text, Encoding.ASCII.GetString(TcpClients.Receive(client, text.Length)));
    }

    private void FinishThenReceive(Socket connection)
    {
        connection.Send(Encoding.ASCII.GetBytes(Beginning));
        connection.Shutdown(SocketShutdown.Send);
        Received.Add(Encoding.ASCII.GetString(TcpClients.ReceiveToEnd(connection)));
    }

    private const string Configuration =
        """
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
          "ReverseProxy": { "Clusters": {
            "same-port": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:{port}" } } },
            "echo": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:7000" } } },
            "swallowed": { "Destinations": { "a": { "Address": "tcp://100.64.0.9:7" } } },
            "swallowed-first": { "LoadBalancingPolicy": "FirstAlphabetical", "Destinations": {
              "a": { "Address": "tcp://100.64.0.9:7" }, "b": { "Address": "tcp://127.0.0.1:7000" } } }
          } },
          "Streams": {
            "silent": { "ClusterId": "same-port", "Match": { "Ports": "7001" }, "IdleTimeout": "00:00:05" },
            "short-lived": { "ClusterId": "echo", "Match": { "Ports": "7002" }, "Lifetime": "00:00:01" },
            "swallowed-first": { "ClusterId": "swallowed-first", "Match": { "Ports": "7003" }, "ConnectTimeout": "00:00:01" },
            "swallowed": { "ClusterId": "swallowed", "Match": { "Ports": "7004" }, "ConnectTimeout": "00:00:01" },
            "rest": { "ClusterId": "same-port" }
          },
          "Logging": { "LogLevel": { "Everyport.Proxy.Streams": "Debug" } }
        }
        """;
}
