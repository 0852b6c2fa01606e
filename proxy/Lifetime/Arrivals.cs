using System.Net.Sockets;
using Everyport.Proxy.Connections;
using Everyport.Steering;
using Everyport.Steering.Netlink;

namespace Everyport.Proxy.Lifetime;

/// <summary>
/// Connections that are on their way to a listening socket when steering has ended: the kernel goes on with handshakes that have begun, and keeps those that
/// are complete until they are accepted.
/// </summary>
internal sealed class Arrivals(Socket listener)
{
    /// <summary>Whether there may be any. Half-open connections to other programs are taken for ours, as nothing tells them apart.</summary>
    public bool MayCome()
    {
        try
        {
            // In this order: what is not half-open any more is in the queue by then.
            return HalfOpenConnections.Count() > 0 || SteeredSockets.Queued(listener) > 0;
        }
        catch (Exception e) when (e is SteeringException or SocketException)
        {
            return true; // nobody knows
        }
    }
}
