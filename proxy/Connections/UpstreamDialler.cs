using System.Net;
using System.Net.Sockets;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Connections;

/// <summary>Opens every TCP connection of the proxy to a destination, and tells <see cref="UpstreamRegistry"/> of it.</summary>
internal sealed class UpstreamDialler(UpstreamRegistry registry)
{
    /// <summary>Dials a name or a literal address; of several addresses the first that answers.</summary>
    /// <exception cref="SocketException">None answers, or the name is not resolved.</exception>
    public async Task<UpstreamConnection> DialAsync(string host, int port, CancellationToken cancelled)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancelled);
        SocketException? failure = null;
        foreach (var address in addresses)
        {
            try
            {
                return await DialAsync(new IPEndPoint(address, port), cancelled);
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }
        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    private async Task<UpstreamConnection> DialAsync(IPEndPoint endpoint, CancellationToken cancelled)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        UpstreamRegistry.Registration? registration = null;
        try
        {
            socket.NoDelay = true;
            registration = registry.Register(Endpoint.From(endpoint).WhenDialled, socket.SafeHandle);
            await socket.ConnectAsync(endpoint, cancelled);
            registration.Connected();
            return new UpstreamConnection(socket, registration);
        }
        catch
        {
            socket.Dispose();
            registration?.Dispose();
            throw;
        }
    }
}
