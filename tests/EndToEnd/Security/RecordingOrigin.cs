using System.Collections.Concurrent;
using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>An origin that records what reaches it, and what of that it cannot take. It answers each request with <c>ok</c>.</summary>
internal sealed class RecordingOrigin : IDisposable
{
    private readonly TcpServer _server;

    public RecordingOrigin(NetworkNamespace @namespace, int port) => _server = TcpServer.With(@namespace, "127.0.0.1", port, Serve);

    public ConcurrentQueue<StrictRequest> Requests { get; } = new();

    /// <summary>Bytes that are not HTTP as a strict server reads it. A request that is broken off is none.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    public void Dispose() => _server.Dispose();

    private void Serve(Socket connection)
    {
        using var stream = new BufferedStream(new NetworkStream(connection));
        var reader = new StrictReader(stream.ReadByte);
        try
        {
            while (reader.Read() is { } request)
            {
                Requests.Enqueue(request);
                stream.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8);
                stream.Flush();
            }
        }
        catch (NotStrictException e)
        {
            if (!e.Message.Contains("cut off", StringComparison.Ordinal))
                Violations.Enqueue(e.Message);
        }
    }
}
