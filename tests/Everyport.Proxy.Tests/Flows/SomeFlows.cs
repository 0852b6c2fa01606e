using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tests.Clusters;
using Everyport.Steering.Rules;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Short forms for flows with real sockets on loopback.</summary>
internal static class SomeFlows
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Port 0: the kernel chooses one, so that no other program can have it.</summary>
    public static readonly Endpoint Original = To("127.0.0.1:0");

    public static FlowKey Key(int client) => new(To($"127.0.0.1:{10_000 + client}"), Original);

    public static FlowRoute Route(TimeSpan? idleTimeout = null) => Route(new FlowSettings(), idleTimeout);

    public static FlowRoute Route(FlowSettings settings, TimeSpan? idleTimeout = null)
    {
        var cluster = Some.Cluster(new StreamClusterConfig("c", Protocols.Udp, [Some.Destination("a", "127.0.0.1", 9) with { Protocol = Protocols.Udp }]));
        return new FlowRoute(Udp("u") with { Settings = new() { Flows = settings } }, cluster, idleTimeout ?? IdleTimeout, new ConnectionLimit(settings.MaxFlows ?? int.MaxValue));
    }

    public static Flow Flow(FlowKey key, FlowRoute? route = null, string destination = "127.0.0.1:9")
    {
        Assert.Equal(0, UpstreamSocket.Open(To(destination), out var upstream));
        route ??= Route();
        return new Flow(key, route, route.Cluster.Destinations[0], upstream!);
    }

    /// <summary>A socket of a client, or of an origin.</summary>
    public static Socket Receiver(string address = "127.0.0.1")
    {
        var ip = IPAddress.Parse(address);
        var socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
        socket.Bind(new IPEndPoint(ip, 0));
        return socket;
    }

    public static Endpoint EndpointOf(Socket socket) => Endpoint.From((IPEndPoint)socket.LocalEndPoint!);
}
