using System.Net.Sockets;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Everyport.Proxy.Http;

/// <summary>Gives HTTP connections to Kestrel: off the reactor, and with the addresses that the dispatcher has found out.</summary>
internal sealed class HttpHandOver(VirtualListeners listeners, SocketConnectionContextFactory connections)
{
    /// <summary>The socket's descriptor goes to Kestrel; the ticket is returned when that has closed it.</summary>
    public void Serve(ReactorSocket socket, SniffedProtocol protocol, Steered steered, ConnectionTicket ticket)
    {
        var endpoint = protocol == SniffedProtocol.Http2 ? VirtualEndPoint.Http2 : VirtualEndPoint.Http1;
        // Off the reactor: what Kestrel starts there would come back there.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => state.Owner.Serve(state.Socket, state.Endpoint, state.Steered, state.Ticket),
            new HandOver(this, new SafeSocketHandle(socket.Detach(), ownsHandle: true), endpoint, steered, ticket),
            preferLocal: false);
    }

    private void Serve(SafeSocketHandle socket, VirtualEndPoint endpoint, Steered steered, ConnectionTicket ticket)
    {
        ConnectionContext connection;
        try
        {
            connection = connections.Create(new Socket(socket));
        }
        catch (SocketException)
        {
            // The client is gone already.
            socket.Dispose();
            ticket.Dispose();
            return;
        }
        connection.RemoteEndPoint = steered.Client.ToIPEndPoint();
        connection.LocalEndPoint = steered.Original.ToIPEndPoint();
        connection.ConnectionClosed.UnsafeRegister(static ticket => ((ConnectionTicket)ticket!).Dispose(), ticket);
        if (!listeners.Post(endpoint, connection))
            _ = connection.DisposeAsync().AsTask();
    }

    private readonly record struct HandOver(
        HttpHandOver Owner, SafeSocketHandle Socket, VirtualEndPoint Endpoint, Steered Steered, ConnectionTicket Ticket);
}
