using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Everyport.Steering.Tests.Routes;

/// <summary>A dual-stack TCP server that tells each client from which address it sees it. Made within a namespace.</summary>
internal sealed class PeerServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };

    public PeerServer(int port)
    {
        _listener.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        _listener.Listen(100);
        new Thread(AcceptAll) { IsBackground = true }.Start();
    }

    public void Dispose() => _listener.Dispose();

    private void AcceptAll()
    {
        try
        {
            while (true)
            {
                using var connection = _listener.Accept();
                var peer = ((IPEndPoint)connection.RemoteEndPoint!).Address;
                connection.Send(Encoding.UTF8.GetBytes((peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer).ToString()));
                connection.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
