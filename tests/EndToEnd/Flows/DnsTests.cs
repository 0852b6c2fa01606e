using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>dig asks NSD through the proxy, over UDP and, where an answer does not fit, over TCP.</summary>
public sealed class DnsTests : IDisposable
{
    private const string Address = "198.51.100.53";

    private readonly FlowBed _bed = new();

    public DnsTests()
    {
        try
        {
            _bed.Own(new Nsd(_bed.Namespace, 5353));
            _bed.Start(
                $"{FlowBed.Cluster("dns", "udp://127.0.0.1:5353")}, {FlowBed.Cluster("dns-tcp", "tcp://127.0.0.1:5353")}",
                """
                "dns": { "ClusterId": "dns", "SingleExchange": true, "Match": { "Protocol": "udp", "Ports": "53" } },
                "dns-tcp": { "ClusterId": "dns-tcp", "Match": { "Ports": "53" } }
                """);
        }
        catch
        {
            _bed.Dispose();
            throw;
        }
    }

    public void Dispose() => _bed.Dispose();

    [KernelFact]
    public void A_name_is_found() => Assert.Equal("192.0.2.2\n", Dig("+short", "small.example"));

    [KernelFact]
    public void With_EDNS_an_answer_beyond_512_bytes_comes_over_UDP()
    {
        var answer = Dig("+ignore", "+bufsize=1232", "medium.example", "TXT");
        Assert.Contains("ANSWER: 12,", answer, StringComparison.Ordinal);
        Assert.Contains("(UDP)", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(" tc", Flags(answer), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Without_EDNS_the_same_answer_is_truncated() => Assert.Contains(" tc", Flags(Dig("+ignore", "+noedns", "medium.example", "TXT")), StringComparison.Ordinal);

    [KernelFact]
    public void What_is_truncated_is_asked_again_over_TCP()
    {
        var answer = Dig("large.example", "TXT");
        Assert.Contains($"ANSWER: {Nsd.LargeRecords},", answer, StringComparison.Ordinal);
        Assert.Contains("(TCP)", answer, StringComparison.Ordinal);
    }

    [KernelFact]
    public void No_socket_is_kept_after_the_answer()
    {
        Dig("+short", "small.example");
        var before = _bed.Descriptors();
        for (var i = 0; i < 5; i++)
            Assert.Equal("192.0.2.2\n", Dig("+short", "small.example"));
        Eventually.Holds(() => _bed.Told("ended: Answered, 1 datagrams") == 6, "flows were kept after their answer");
        Eventually.Holds(() => _bed.Descriptors() <= before, "sockets were kept");
    }

    private static string Flags(string answer) => answer.Split('\n').Single(line => line.Contains(";; flags:", StringComparison.Ordinal)).Split(';')[2];

    private string Dig(params string[] arguments) => _bed.Namespace.Exec("dig", ["-b", "127.0.0.1", $"@{Address}", "+tries=5", "+timeout=5", .. arguments]);
}
