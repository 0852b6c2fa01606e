using System.Net.Sockets;
using Everyport.Steering.Routes;

namespace Everyport.Steering.Tests.Routes;

/// <summary>Who shares a namespace, told by the names of sockets.</summary>
public sealed class RouteOwnershipTests
{
    [KernelFact]
    public void A_process_of_the_same_number_in_another_container_is_another_one()
    {
        using var space = new NetworkNamespace();
        space.Run(() =>
        {
            var others = Enumerable.Range(1, 2000).Select(count => Hold($"everyport-twin-routes-{Environment.ProcessId}-{count}")).ToList();
            using var ownership = new RouteOwnership("twin");
            Assert.False(ownership.IsOnly);
            others.ForEach(other => other.Dispose());
            // A program that another test starts at this moment has all sockets for as long as it is a copy of this process.
            Assert.True(SpinWait.SpinUntil(() => ownership.IsOnly, TimeSpan.FromSeconds(30)));
            return true;
        });
    }

    private static Socket Hold(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint("\0" + name));
        return socket;
    }
}
