using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Logs;

/// <summary>Takes OTLP by HTTP/1.1, and reads it.</summary>
internal sealed class Collector : IDisposable
{
    private readonly TcpServer _server;
    private readonly ConcurrentQueue<CollectedSpan> _spans = new();
    private readonly ConcurrentQueue<string> _metrics = new();
    private readonly ConcurrentQueue<string> _heads = new();

    public Collector(NetworkNamespace @namespace, int port) => _server = TcpServer.With(@namespace, "127.0.0.1", port, Serve);

    public IEnumerable<CollectedSpan> Spans => _spans;

    /// <summary>The names of metrics.</summary>
    public IEnumerable<string> Metrics => _metrics;

    /// <summary>The heads of the requests that it got.</summary>
    public IEnumerable<string> Heads => _heads;

    /// <summary>Waits for a span.</summary>
    public CollectedSpan Await(Func<CollectedSpan, bool> isWanted, string description)
    {
        CollectedSpan? found = null;
        Eventually.Holds(() => (found = _spans.FirstOrDefault(isWanted)) is not null, () => $"The collector has no {description}. It has: {string.Join(", ", _spans)}");
        return found!;
    }

    public void Dispose() => _server.Dispose();

    private void Serve(Socket connection)
    {
        using var stream = new NetworkStream(connection);
        while (ReadHead(stream) is { Length: > 0 } head)
        {
            var length = head.Split("\r\n").Single(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))["Content-Length: ".Length..];
            var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            stream.ReadExactly(body);
            _heads.Enqueue(head);
            if (head.StartsWith("POST /v1/traces ", StringComparison.Ordinal))
            {
                // ExportTraceServiceRequest.resource_spans.scope_spans.spans
                foreach (var span in Protobuf.Messages(body, 1, 2, 2))
                    _spans.Enqueue(CollectedSpan.Read(span));
            }
            else if (head.StartsWith("POST /v1/metrics ", StringComparison.Ordinal))
            {
                // ExportMetricsServiceRequest.resource_metrics.scope_metrics.metrics.name
                foreach (var name in Protobuf.Messages(body, 1, 2, 2, 1))
                    _metrics.Enqueue(Encoding.UTF8.GetString(name));
            }
            stream.Write("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"u8);
        }
    }

    private static string ReadHead(NetworkStream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && stream.ReadByte() is >= 0 and var next)
            head.Append((char)next);
        return head.ToString();
    }
}
