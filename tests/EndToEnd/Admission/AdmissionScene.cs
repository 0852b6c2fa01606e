using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Admission;

/// <summary>An echo behind the proxy, and clients that hold their connections.</summary>
public sealed class AdmissionScene : Scene
{
    public const string Address = "127.100.1.2";

    /// <summary>Port 5000 leads to a stream with 5 connections at most, those below 9000 to one without a limit, all others nowhere.</summary>
    public const int Limited = 5000, Unlimited = 6000, Unrouted = 9000, LimitedTo = 5;

    private const int OriginPort = 7000;

    public AdmissionScene() => Arrange(() => Own(TcpServer.ThatEchoes(Namespace, "127.0.0.1", OriginPort)));

    internal RunningEveryport Start(string limits, params string[] before) => RunningEveryport.Start(Namespace,
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
          "ReverseProxy": { "Clusters": { "echo": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:{{OriginPort}}" } } } } },
          "Streams": {
            "limited": { "ClusterId": "echo", "Match": { "Ports": "{{Limited}}" }, "MaxConnections": {{LimitedTo}} },
            "unlimited": { "ClusterId": "echo", "Match": { "Ports": "1-{{Unrouted - 1}}" } }
          },
          "Limits": { {{limits}} }
        }
        """, before);

    /// <summary>Opens connections, and keeps those that are served.</summary>
    public List<Socket> Open(int count, int port = Unlimited, string? from = null) => Namespace.Run(() =>
    {
        var served = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            var client = TcpClients.Connect(Address, port, from);
            if (IsServed(client))
                served.Add(client);
            else
                client.Dispose();
        }
        return served;
    });

    /// <summary>Whether a byte comes back; otherwise the connection has been reset.</summary>
    public static bool IsServed(Socket client)
    {
        try
        {
            client.Send([42]);
            return client.Receive(new byte[1]) == 1;
        }
        catch (SocketException e)
        {
            Assert.True(e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown, $"refused by {e.SocketErrorCode}, not by a reset");
            return false;
        }
    }
}
