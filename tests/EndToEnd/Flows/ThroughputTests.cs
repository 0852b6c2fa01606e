using System.Text.Json;

namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>iperf3 through the proxy: its control connection over TCP, its datagrams over UDP, on the same port.</summary>
public sealed class ThroughputTests : IDisposable
{
    private readonly FlowBed _bed = new();

    public ThroughputTests()
    {
        try
        {
            _bed.Own(BackgroundProcess.Start(_bed.Namespace, "iperf3", "-s", "-B", "127.0.0.1"));
            // In reverse the client sends one datagram of four bytes, and is sent a flood.
            _bed.Start(
                $"{FlowBed.Cluster("udp", "udp://127.0.0.1:{port}")}, {FlowBed.Cluster("tcp", "tcp://127.0.0.1:{port}")}",
                """
                "udp": { "ClusterId": "udp", "ReplyBudget": "off", "Match": { "Protocol": "udp" } },
                "tcp": { "ClusterId": "tcp", "Match": { "Ports": "5201" } }
                """);
        }
        catch
        {
            _bed.Dispose();
            throw;
        }
    }

    public void Dispose() => _bed.Dispose();

    [KernelTheory]
    [InlineData("--bidir")]
    [InlineData("-R")]
    [InlineData("-P2")]
    public void A_moderate_stream_of_datagrams_arrives_in_either_direction(string direction)
    {
        var output = _bed.Namespace.Exec("iperf3", "-c", "198.51.100.7", "-B", "127.0.0.1", "-u", "-b", "10M", "-l", "1200", "-t", "2", "-J", direction);
        using var report = JsonDocument.Parse(output);
        var sums = report.RootElement.GetProperty("end").EnumerateObject().Where(part => part.Name is "sum" or "sum_bidir_reverse").ToArray();
        Assert.NotEmpty(sums);
        foreach (var sum in sums)
        {
            Assert.True(sum.Value.GetProperty("packets").GetInt64() > 1000, output);
            Assert.True(sum.Value.GetProperty("lost_percent").GetDouble() < 10, output);
        }
    }
}
