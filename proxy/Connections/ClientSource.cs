using Everyport.Proxy.Kernel;
using Everyport.Proxy.Reactors;
using Everyport.Steering;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Logging;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Connections;

/// <summary>
/// Has a destination see a connection come from the client's own address (<c>"SourceAddress": "Client"</c>), and its
/// answers come back here. <paramref name="ports"/> are the ports of the destination that the stream may dial.
/// </summary>
internal sealed partial class ClientSource(Address client, PortRange ports, ReturnRoutes routes, ILogger logger)
{
    /// <summary>
    /// Whether it can be done: no client has an address of the other family, and none but this machine takes packets
    /// from a loopback address.
    /// </summary>
    public bool Serves(Endpoint destination) =>
        client.IsIPv6 == destination.Address.IsIPv6 && (!IsLoopback(client) || IsLoopback(destination.Address));

    /// <summary>Binds a socket to the client's address, and sees to the way back: 0, or a negative error.</summary>
    public int Bind(ReactorSocket socket, Endpoint destination)
    {
        uint mark;
        try
        {
            mark = routes.Add(destination.Address, ports);
        }
        catch (SteeringException e)
        {
            NoWayBack(destination, e.Message);
            return -Syscalls.EACCES;
        }

        var (level, option) = client.IsIPv6 ? (Syscalls.SolIPv6, Syscalls.IPv6Transparent) : (Syscalls.SolIp, Syscalls.IpTransparent);
        socket.SetOption(level, option, 1);
        socket.SetOption(Syscalls.SolSocket, Syscalls.SoReuseAddr, 1);
        if (mark != 0)
            socket.SetOption(Syscalls.SolSocket, Syscalls.SoMark, (int)mark);
        return BindToSomePort(socket);
    }

    /// <summary>The kernel would choose a port that direct clients use; see <see cref="ReturnRoutes.DiallingPorts"/>.</summary>
    private int BindToSomePort(ReactorSocket socket)
    {
        const int MostTries = 8;
        var range = ReturnRoutes.DiallingPorts;
        var error = 0;
        for (var i = 0; i < MostTries; i++)
        {
            error = socket.Bind(new Endpoint(client, (ushort)Random.Shared.Next(range.First, range.Last + 1)));
            if (error != -Syscalls.EADDRINUSE)
                break;
        }
        return error;
    }

    private static bool IsLoopback(Address address) => System.Net.IPAddress.IsLoopback(address.ToIPAddress());

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot dial {Destination} from the address of a client: {Reason}")]
    private partial void NoWayBack(Endpoint destination, string reason);
}
