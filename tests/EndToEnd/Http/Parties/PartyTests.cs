using System.Globalization;
using System.Text.RegularExpressions;

namespace Everyport.EndToEnd.Tests.Http.Parties;

/// <summary>HTTP/1.1, HTTP/2 with prior knowledge and both by TLS, on any port, by IPv4 and IPv6, from clients of several houses at the same time.</summary>
public sealed partial class PartyTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    private const int Requests = 2_000, Connections = 10;
    private const int Seed = 4711;

    /// <summary>The arguments of curl, and the version of HTTP that it is to find.</summary>
    public static TheoryData<string[], string, string> Versions => new()
    {
        { ["--http1.1"], "http", "1.1" },
        { ["--http2-prior-knowledge"], "http", "2" },
        { ["--http1.1", "-k"], "https", "1.1" },
        { ["--http2", "-k"], "https", "2" },
    };

    [KernelTheory]
    [MemberData(nameof(Versions))]
    public void Curl_is_served_on_every_port(string[] arguments, string scheme, string version)
    {
        foreach (var destination in RandomDestinations(20))
        {
            var url = $"{scheme}://{destination}/bytes/1000";
            Assert.Equal($"200 {version} 1000", scene.Namespace.Exec("curl", ["-sS", "--max-time", "60", .. arguments, "-o", "/dev/null", "-w", "%{http_code} %{http_version} %{size_download}", url]));
        }
    }

    [KernelTheory]
    [InlineData("http", "--h1")]
    [InlineData("http", "--no-tls-proto=h2c")]
    [InlineData("https", "--npn-list=http/1.1")]
    [InlineData("https", "--npn-list=h2")]
    public void H2load_is_served_on_every_port(string scheme, string option)
    {
        foreach (var destination in RandomDestinations(4))
        {
            // It would write an address of IPv6 without its brackets as the host.
            var output = scene.Namespace.Exec("h2load", option, "-n", $"{Requests}", "-c", $"{Connections}", "-m", "8", "-T", "60", "-N", "60",
                $"--connect-to={destination}", $"{scheme}://{PartiesScene.HostName}/bytes/1000");
            Assert.Contains($"{Requests} total, {Requests} started, {Requests} done, {Requests} succeeded, 0 failed, 0 errored, 0 timeout", output, StringComparison.Ordinal);
            Assert.Contains($"status codes: {Requests} 2xx", output, StringComparison.Ordinal);
        }
    }

    [KernelTheory]
    [InlineData("http")]
    [InlineData("https")]
    public void Wrk_is_served_on_every_port(string scheme)
    {
        foreach (var destination in RandomDestinations(2))
        {
            var output = scene.Namespace.Exec("wrk", "-d", "2s", "-t", "1", "-c", $"{Connections}", "--timeout", "60s", $"{scheme}://{destination}/bytes/1000");
            Assert.DoesNotContain("Socket errors", output, StringComparison.Ordinal);
            Assert.DoesNotContain("Non-2xx", output, StringComparison.Ordinal);
            Assert.InRange(int.Parse(RequestCount().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture), Connections, int.MaxValue);
        }
    }

    [KernelFact]
    public async Task Versions_do_not_disturb_each_other_on_one_port()
    {
        string[][] clients =
        [
            ["h2load", "--h1", "http"], ["h2load", "--no-tls-proto=h2c", "http"],
            ["h2load", "--npn-list=http/1.1", "https"], ["h2load", "--npn-list=h2", "https"],
        ];
        var outputs = await Task.WhenAll(clients.Select(client => Task.Run(() => scene.Namespace.Exec(
            client[0], client[1], "-n", $"{Requests}", "-c", "4", "-m", "4", "-T", "60", "-N", "60", $"{client[2]}://{PartiesScene.Address}:12345/bytes/1000"))));
        Assert.All(outputs, output => Assert.Contains($" {Requests} succeeded, 0 failed", output, StringComparison.Ordinal));
    }

    /// <summary>Both families, and both versions towards the origin. The same in each run, so that a failure comes back.</summary>
    private static string[] RandomDestinations(int count)
    {
        var random = new Random(Seed);
        return Enumerable.Range(0, count).Select(i => (i % 2 == 0 ? $"198.51.100.{random.Next(256)}" : $"[2001:db8:7::{random.Next(0x10000):x}]") + $":{random.Next(10_000, 30_000)}").ToArray();
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex RequestCount();
}
