using System.Collections.Concurrent;
using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>
/// An origin that records what reaches it, and what of that it cannot take. It answers with <c>ok</c>, but for <see cref="Large"/> with more than anybody
/// buffers, and for <see cref="Never"/> not at all.
/// </summary>
internal sealed class RecordingOrigin : IDisposable
{
    public const string Large = "/large", Never = "/never";

    private const int LargeLength = 256 << 20;

    private static readonly byte[] Piece = new byte[1 << 20];

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
                Answer(request, stream);
            }
        }
        catch (NotStrictException e)
        {
            if (!e.Message.Contains("cut off", StringComparison.Ordinal))
                Violations.Enqueue(e.Message);
        }
    }

    private static void Answer(StrictRequest request, BufferedStream stream)
    {
        if (request.Target == Never)
        {
            stream.ReadByte();
            return;
        }
        if (request.Target != Large)
        {
            stream.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8);
            stream.Flush();
            return;
        }
        stream.Write(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {LargeLength}\r\n\r\n"));
        for (var sent = 0; sent < LargeLength; sent += Piece.Length)
            stream.Write(Piece);
        stream.Flush();
    }
}
