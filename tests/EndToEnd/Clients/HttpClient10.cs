using System.Globalization;
using System.Net;
using System.Text;

namespace Everyport.EndToEnd.Tests.Clients;

/// <summary>
/// The smallest HTTP client, one connection for each request. That of .NET opens connections on threads that are
/// not in the namespace of the test.
/// </summary>
internal static class HttpClient10
{
    public sealed record Response(int Status, string Body);

    public static Response Get(string address, int port, string path = "/")
    {
        using var socket = TcpClients.Connect(address, port);
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n"));

        var text = Encoding.UTF8.GetString(TcpClients.ReceiveToEnd(socket));
        var endOfHead = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return endOfHead < 0
            ? throw new ProtocolViolationException($"{address} port {port} answered '{text}'")
            : new Response(int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture), text[(endOfHead + 4)..]);
    }
}
