using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Routing;

/// <summary>
/// An origin that answers with the head of the request, as it came in. Its answers have a header of their own that is
/// for their connection only.
/// </summary>
internal static class MirrorOrigin
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    public static TcpServer Start(NetworkNamespace @namespace, int port) => TcpServer.With(@namespace, "127.0.0.1", port, Serve);

    private static void Serve(Socket connection)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (connection.Receive(buffer.AsSpan(length)) is > 0 and var received)
        {
            length += received;
            var head = buffer.AsSpan(0, length).IndexOf(EndOfHead);
            if (head < 0)
                continue;
            connection.Send(Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nConnection: x-hop\r\nX-Hop: 1\r\nX-Kept: 1\r\nX-Twice: a\r\nX-Twice: b\r\nContent-Length: {head + 2}\r\n\r\n"));
            connection.Send(buffer.AsSpan(0, head + 2));
            length = 0;
        }
    }
}
