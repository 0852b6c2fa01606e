using System.Text.Json;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Flows;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Lifecycle;

/// <summary>What the admin host tells of what is open.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly FlowBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [KernelFact]
    public void It_tells_of_streams_and_flows_of_destinations_and_of_what_was_turned_away()
    {
        _bed.Own(UdpServer.ThatRepeats(_bed.Namespace, 7000));
        _bed.Own(TcpServer.WithBanner(_bed.Namespace, "127.0.0.1", 7001, "hello"));
        _bed.Start(
            $"{FlowBed.Cluster("udp", "udp://127.0.0.1:7000")}, {FlowBed.Cluster("tcp", "tcp://127.0.0.1:7001")}",
            """
            "asked": { "ClusterId": "udp", "Match": { "Protocol": "udp", "Ports": "53" } },
            "greeted": { "ClusterId": "tcp", "MaxConnections": 1, "Match": { "Ports": "25" } }
            """);
        _bed.Namespace.Run(() =>
        {
            using var flow = UdpClients.Connect("198.51.100.1", 53);
            UdpClients.Ask(flow, "question"u8);
            using var stream = TcpClients.Connect("198.51.100.1", 25);
            TcpClients.Receive(stream, 5);
            using var refused = TcpClients.Connect("198.51.100.1", 25);
            Assert.ThrowsAny<Exception>(() => refused.Receive(new byte[1]));

            var status = JsonDocument.Parse(HttpClient10.Get("127.0.0.1", 9464, "/api/status").Body).RootElement;
            Assert.True(status.GetProperty("ready").GetBoolean());
            var connections = status.GetProperty("connections");
            Assert.Equal("""{"name":"greeted","cluster":"tcp","open":1,"limit":1}""", Compact(connections.GetProperty("streams")[0]));
            Assert.Equal("""{"RouteConnections":1}""", Compact(connections.GetProperty("refused")));
            var flows = status.GetProperty("flows");
            Assert.Equal(1, flows.GetProperty("open").GetInt32());
            Assert.Equal("""{"name":"asked","cluster":"udp","open":1,"limit":null}""", Compact(flows.GetProperty("streams")[0]));
            Assert.Equal(
                """{"name":"tcp","destinations":[{"name":"a","address":"tcp://127.0.0.1:7001","health":"Unknown","open":1}]}""",
                Compact(status.GetProperty("clusters")[0]));
        });
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
