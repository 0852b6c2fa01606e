using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Admin;

/// <summary>The admin host, asked by the programs that will ask it.</summary>
public sealed partial class AdminTests(AdminScene scene) : IClassFixture<AdminScene>
{
    [KernelFact]
    public void Promtool_finds_nothing_wrong_with_the_metrics()
    {
        scene.Use();
        var text = scene.Curl("http://127.0.0.1:9464/metrics");
        var result = Command.Try("promtool", ["check", "metrics"], text);
        Assert.True(result is { ExitCode: 0, Output: "", Error: "" }, result.Output + result.Error);
        foreach (var expected in (string[])
        [
            "everyport_http_requests_total{route=\"web\",cluster=\"demo\",status=\"2xx\"}", "everyport_http_request_duration_seconds_bucket{route=\"web\",cluster=\"demo\",le=\"0.001\"}",
            "everyport_http_upstream_duration_seconds_count{cluster=\"demo\",destination=\"built-in\"}", "everyport_steering_lookups_total{service=\"proxy\",protocol=\"udp\",result=\"steered\"}",
            "everyport_destination_up{cluster=\"echo\",destination=\"built-in\"} 1", "everyport_connections_sniffed_total{protocol=\"Http1\"}", "everyport_flows_active{route=\"datagrams\"}",
            "process_resident_memory_bytes ", "process_open_fds ", "dotnet_gc_pause_seconds_total ",
        ])
        {
            Assert.Contains($"\n{expected}", text, StringComparison.Ordinal);
        }
    }

    [KernelFact]
    public void Prometheus_scrapes_it()
    {
        scene.Use();
        var directory = new TemporaryDirectory();
        var configuration = directory.Write("prometheus.yml",
            $$"""
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: everyport
                authorization: { credentials: "{{AdminScene.Token}}" }
                static_configs: [{ targets: ["127.0.0.1:9464"] }]
            """);
        using var prometheus = ServerProgram.Start(scene.Namespace, directory, 9090, "prometheus",
            $"--config.file={configuration}", $"--storage.tsdb.path={directory.Path}/data", "--web.listen-address=127.0.0.1:9090");
        var answer = "";
        Eventually.Holds(
            () => (answer = scene.Namespace.TryExec("curl", "-s", "http://127.0.0.1:9090/api/v1/query", "--data-urlencode", "query=everyport_http_requests_total{route=\"web\"}").Output)
                .Contains("\"value\"", StringComparison.Ordinal),
            () => $"Prometheus has not got the metrics, but {answer}. It wrote: {prometheus.Output}");
    }

    [KernelFact]
    public void Without_the_token_only_its_health_is_told()
    {
        foreach (var path in (string[])["metrics", "api/status", "api/ports", ""])
            Assert.Equal("401", scene.StatusOf($"http://127.0.0.1:9464/{path}"));
        Assert.Equal("200", scene.StatusOf("http://127.0.0.1:9464/livez"));
        Assert.Equal("200", scene.StatusOf("http://127.0.0.1:9464/readyz"));
        Assert.Equal("200", scene.StatusOf("-u", $"me:{AdminScene.Token}", "http://127.0.0.1:9464/metrics"));
    }

    [KernelFact]
    public void No_steered_port_leads_to_it()
    {
        scene.Namespace.Run(() =>
        {
            // The port of the admin host is like any other.
            foreach (var path in (string[])["/livez", "/metrics", "/api/status"])
            {
                Assert.Contains("demo origin", HttpClient10.Get("198.51.100.1", 80, path).Body, StringComparison.Ordinal);
                // A route to the port that was dialled, on this machine; a stream straight to it.
                Assert.Equal(502, HttpClient10.Get("198.51.100.1", 9464, path).Status);
            }
            using var raw = TcpClients.Connect("198.51.100.1", 9999);
            Assert.Empty(ReceiveQuietly(raw));
        });
        Assert.Contains("\neveryport_admin_refused_total{reason=\"Proxied\"} ", scene.Curl("http://127.0.0.1:9464/metrics"), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Hits_of_rules_are_told_by_status_and_metrics()
    {
        scene.Use();
        using var status = JsonDocument.Parse(scene.Curl("http://127.0.0.1:9464/api/status"));
        var rule = status.RootElement.GetProperty("steering").GetProperty("rules").EnumerateArray().Single(rule => rule.GetProperty("name").GetString() == "edge");
        Assert.Equal("proxy", rule.GetProperty("owner").GetString());
        Assert.True(rule.GetProperty("hits").GetUInt64() >= 3);
        Assert.Matches("\neveryport_rule_hits_total\\{rule=\"edge\",owner=\"proxy\"\\} [1-9]", scene.Curl("http://127.0.0.1:9464/metrics"));
    }

    [KernelFact]
    public void A_scan_of_all_ports_adds_no_series()
    {
        scene.Use();
        var before = scene.Series();
        scene.Namespace.Run(() =>
        {
            ScanTcp();
            ScanUdp();
        });
        var after = scene.Series();
        // Something may have happened for a reason that was not there before; there are not many of those.
        Assert.InRange(after.Length - before.Length, 0, 40);
        foreach (var series in after.Except(before))
        {
            foreach (Match label in LabelValue().Matches(series))
                Assert.False(label.Groups[1].Value is not "le" && (int.TryParse(label.Groups[2].Value, CultureInfo.InvariantCulture, out _) || IPAddress.TryParse(label.Groups[2].Value, out _)), series);
        }
        using var ports = JsonDocument.Parse(scene.Curl("http://127.0.0.1:9464/api/ports"));
        Assert.Equal(65_535, ports.RootElement.GetProperty("counts").GetArrayLength() / 2);
    }

    private static void ScanTcp()
    {
        var target = IPAddress.Parse("198.51.100.1");
        for (var port = 1; port <= ushort.MaxValue; port++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            try
            {
                socket.Connect(target, port);
                if (port % 64 == 0)
                    socket.Send("GET / HTTP/1.0\r\n\r\n"u8);
            }
            catch (SocketException)
            {
                // One that is refused counts as well.
            }
        }
    }

    private static void ScanUdp()
    {
        using var socket = UdpClients.Bind("127.0.0.1", 0);
        var target = IPAddress.Parse("198.51.100.1");
        for (var port = 1; port <= ushort.MaxValue; port++)
            socket.SendTo("scan"u8, new IPEndPoint(target, port));
    }

    private static byte[] ReceiveQuietly(Socket socket)
    {
        try
        {
            socket.Send("GET /metrics HTTP/1.0\r\n\r\n"u8);
            return TcpClients.ReceiveToEnd(socket);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    [GeneratedRegex("(\\w+)=\"([^\"]*)\"")]
    private static partial Regex LabelValue();
}
