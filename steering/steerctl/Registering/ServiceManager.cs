using System.Net.Sockets;
using System.Text;

namespace Everyport.Steering.Cli.Registering;

/// <summary>Tells systemd how far a verb is that runs for long, where it has asked for that (<c>Type=notify</c>); see sd_notify(3).</summary>
internal static class ServiceManager
{
    private const string Variable = "NOTIFY_SOCKET";

    public static void Tell(Surroundings outside, string state)
    {
        if (outside.Environment(Variable) is not { Length: > 0 } address)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // A leading @ stands for the zero byte of a name that is no file.
            socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
            socket.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // Nobody listens.
        }
    }
}
