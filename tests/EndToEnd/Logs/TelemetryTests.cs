using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Logs;

/// <summary>Traces and metrics, as a collector gets them.</summary>
public sealed class TelemetryTests
{
    private const string Address = "198.51.100.7", Trace = "0af7651916cd43dd8448eb211c80319c", Parent = "b7ad6b7169203331";

    /// <summary>The SDK's own way to have spans sent within less than its five seconds.</summary>
    private static readonly string[] Soon = ["env", "OTEL_BSP_SCHEDULE_DELAY=100"];

    [KernelFact]
    public void Requests_streams_and_flows_have_spans_in_one_trace_with_client_destination_and_log()
    {
        using var @namespace = new NetworkNamespace();
        using var collector = new Collector(@namespace, 4318);
        var heads = new ConcurrentQueue<string>();
        using var origin = TcpServer.With(@namespace, "127.0.0.1", 8080, connection => Answer(connection, heads));
        using var everyport = RunningEveryport.Start(@namespace, Configuration("http://127.0.0.1:4318"), Soon);

        @namespace.Exec("curl", "-sS", "--max-time", "60", "-H", $"traceparent: 00-{Trace}-{Parent}-01", "-H", "tracestate: a=b", $"http://{Address}/path?query");
        var server = collector.Await(span => span.Name == "GET web", "span of the request");
        var client = collector.Await(span => span.Name == "GET origin", "span of the destination");
        Assert.Equal((Trace, Parent, CollectedSpan.Server, 0UL), (server.Trace, server.Parent, server.Kind, server.Status));
        Assert.Equal((Trace, server.Id, CollectedSpan.Client), (client.Trace, client.Parent, client.Kind));
        AssertHas(server, ("http.request.method", "GET"), ("url.path", "/path"), ("url.query", "query"), ("http.response.status_code", "200"), ("server.address", Address),
            ("everyport.original_destination", $"{Address}:80"), ("everyport.cluster", "origin"), ("everyport.destination", "a"));
        AssertHas(client, ("server.address", "127.0.0.1"), ("server.port", "8080"), ("url.full", "http://127.0.0.1:8080/path?query"), ("http.response.status_code", "200"));
        Assert.True(server.Started <= client.Started && client.Ended <= server.Ended);
        Assert.Contains($"\r\ntraceparent: 00-{Trace}-{client.Id}-01\r\n", Assert.Single(heads), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\ntracestate: a=b\r\n", Assert.Single(heads), StringComparison.OrdinalIgnoreCase);
        Eventually.Holds(() => everyport.Records.Any(record => record.GetProperty("TraceId").GetString() == Trace), "the trace is not in the log");

        @namespace.Exec("curl", "-sS", "--max-time", "60", $"http://{Address}:81/");
        var failed = collector.Await(span => span.Name == "GET down", "span of a request that fails");
        Assert.Equal((CollectedSpan.Error, "ConnectFailed", ""), (failed.Status, failed.Attributes["error.type"], failed.Parent));
        Assert.Equal("ConnectionError", collector.Await(span => span.Name == "GET nobody", "span of its destination").Attributes["error.type"]);

        @namespace.Run(() =>
        {
            using var socket = TcpClients.Connect(Address, 7);
            socket.Send("echo"u8);
            TcpClients.Receive(socket, 4);
        });
        var stream = collector.Await(span => span.Name == "stream echo", "span of the stream");
        AssertHas(stream, ("everyport.bytes_in", "4"), ("everyport.bytes_out", "4"), ("everyport.reason", "Finished"), ("everyport.route", "echo"), ("network.transport", "tcp"));
        Eventually.Holds(() => everyport.Records.Any(record => record.GetProperty("Kind").GetString() == "stream" && record.GetProperty("TraceId").GetString() == stream.Trace), "the trace of the stream is not in the log");

        @namespace.Run(() =>
        {
            using var socket = UdpClients.Connect(Address, 7);
            socket.Send("ask"u8);
            Assert.Equal("ask"u8, UdpClients.Receive(socket));
        });
        var flow = collector.Await(span => span.Name == "flow ask", "span of the flow");
        AssertHas(flow, ("everyport.bytes_in", "3"), ("everyport.bytes_out", "3"), ("everyport.datagrams_in", "1"), ("everyport.reason", "Answered"), ("network.transport", "udp"));
        Eventually.Holds(() => everyport.Records.Any(record => record.GetProperty("Kind").GetString() == "flow" && record.GetProperty("TraceId").GetString() == flow.Trace), "the trace of the flow is not in the log");

        Eventually.Holds(() => collector.Metrics.Contains("everyport_streams_closed") && collector.Metrics.Contains("everyport_flows_duration"), "no metrics have come");
        Assert.All(collector.Heads, head => Assert.Contains("\r\nAuthorization: Bearer a%20b=c\r\n", head, StringComparison.OrdinalIgnoreCase));
    }

    [KernelFact]
    public void Where_nobody_collects_it_is_told_and_everything_else_goes_on()
    {
        using var @namespace = new NetworkNamespace();
        var heads = new ConcurrentQueue<string>();
        using var origin = TcpServer.With(@namespace, "127.0.0.1", 8080, connection => Answer(connection, heads));
        using var everyport = RunningEveryport.Start(@namespace, Configuration("http://127.0.0.1:1"), Soon);
        Assert.Equal("200", @namespace.Exec("curl", "-sS", "--max-time", "60", "-o", "/dev/null", "-w", "%{http_code}", $"http://{Address}/"));
        everyport.AssertTells("Telemetry is not taken by http://127.0.0.1:1/");
        Assert.Equal(0, everyport.Stop());
    }

    private static void Answer(Socket connection, ConcurrentQueue<string> heads)
    {
        var buffer = new byte[8192];
        while (connection.Receive(buffer) is > 0 and var length)
        {
            heads.Enqueue(Encoding.ASCII.GetString(buffer, 0, length));
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"u8);
        }
    }

    private static void AssertHas(CollectedSpan span, params (string Key, string Value)[] expected) =>
        Assert.Equal(expected, expected.Select(pair => (pair.Key, span.Attributes.GetValueOrDefault(pair.Key, ""))));

    private static string Configuration(string endpoint) =>
        $$"""
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
          "ReverseProxy": {
            "Routes": {
              "web": { "ClusterId": "origin", "Match": { "Path": "{**rest}", "Ports": "80" } },
              "down": { "ClusterId": "nobody", "Match": { "Path": "{**rest}", "Ports": "81" } }
            },
            "Clusters": {
              "origin": { "Destinations": { "a": { "Address": "http://127.0.0.1:8080/" } } },
              "nobody": { "Destinations": { "a": { "Address": "http://127.0.0.1:1/" } } },
              "echo": { "Destinations": { "built-in": { "Address": "tcp://127.0.0.1:9466" } } },
              "ask": { "Destinations": { "built-in": { "Address": "udp://127.0.0.1:9466" } } }
            }
          },
          "Streams": {
            "echo": { "ClusterId": "echo", "Match": { "Ports": "7" } },
            "ask": { "ClusterId": "ask", "SingleExchange": true, "Match": { "Protocol": "udp", "Ports": "7" } }
          },
          "Telemetry": {
            "Otlp": { "Endpoint": "{{endpoint}}", "Protocol": "http/protobuf", "Headers": { "Authorization": "Bearer a%20b=c" } },
            "Metrics": { "Interval": "00:00:01" }
          },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;
}
