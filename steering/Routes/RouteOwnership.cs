using System.Net.Sockets;

namespace Everyport.Steering.Routes;

/// <summary>
/// Tells whether another living process steers the same namespace, so that its routes are not taken for left
/// behind: an abstract unix socket, whose name belongs to the namespace and goes with its process.
/// </summary>
internal sealed class RouteOwnership : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public RouteOwnership()
    {
        try
        {
            _socket.Bind(new UnixDomainSocketEndPoint("\0everyport-local-routes"));
            IsOnly = true;
        }
        catch (SocketException)
        {
            // Somebody else is there.
        }
    }

    /// <summary>Whether no other process held the name when this one came.</summary>
    public bool IsOnly { get; }

    public void Dispose() => _socket.Dispose();
}
