using System.Net.Sockets;
using System.Text;

namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>
/// As much of SMTP (RFC 5321) as takes a message. The servers of Debian would take the place of the one that the machine
/// may have.
/// </summary>
internal static class MailServer
{
    /// <summary>Starts it; each message goes to <paramref name="onMessage"/>.</summary>
    public static TcpServer Start(NetworkNamespace @namespace, string address, int port, Action<string> onMessage) =>
        TcpServer.With(@namespace, address, port, connection => Serve(connection, onMessage));

    private static void Serve(Socket connection, Action<string> onMessage)
    {
        using var stream = new NetworkStream(connection);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        writer.WriteLine("220 mail.example.com ESMTP");
        while (reader.ReadLine() is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "DATA":
                    writer.WriteLine("354 go on");
                    onMessage(ReadMessage(reader));
                    writer.WriteLine("250 taken");
                    break;
                case "QUIT":
                    writer.WriteLine("221 bye");
                    return;
                default:
                    writer.WriteLine("250 mail.example.com");
                    break;
            }
        }
    }

    private static string ReadMessage(StreamReader reader)
    {
        var message = new StringBuilder();
        while (reader.ReadLine() is { } line && line != ".")
            message.AppendLine(line);
        return message.ToString();
    }
}
