using System.Net;
using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>UDP through the proxy.</summary>
public sealed class FlowTests(FlowScene scene) : IClassFixture<FlowScene>
{
    private const int Rounds = 200;

    [KernelFact]
    public void Answers_come_from_the_address_and_port_that_the_client_has_sent_to() => scene.Namespace.Run(() =>
    {
        var random = new Random(4711);
        for (var i = 0; i < Rounds; i++)
        {
            AssertEchoed($"198.51.{random.Next(256)}.{random.Next(256)}", random.Next(1, 65536), random);
            AssertEchoed($"2001:db8:7:{random.Next(65536):x}::{random.Next(1, 65536):x}", random.Next(1, 65536), random);
        }
    });

    [KernelTheory]
    [InlineData(1)]
    [InlineData(53)]
    [InlineData(514)]
    [InlineData(1023)]
    [InlineData(65535)]
    public void Services_below_port_1024_are_served_as_all_others(int port) => scene.Namespace.Run(() =>
    {
        AssertEchoed("198.51.100.53", port, new Random(port));
        AssertEchoed("2001:db8:7::53", port, new Random(port));
    });

    [KernelTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1472)]
    [InlineData(65_507)]
    public void Datagrams_of_every_size_keep_their_bounds(int size) => scene.Namespace.Run(() =>
    {
        using var client = UdpClients.Connect("198.51.100.1", 5000);
        AssertEchoed(client, new byte[size]);
        AssertEchoed(client, [1, 2, 3]);
    });

    [KernelFact]
    public void Clients_of_one_destination_do_not_hear_each_other() => scene.Namespace.Run(() =>
    {
        var clients = Enumerable.Range(0, 50).Select(_ => UdpClients.Connect("198.51.100.2", 53)).ToArray();
        try
        {
            for (var i = 0; i < clients.Length; i++)
                clients[i].Send(BitConverter.GetBytes(i));
            for (var i = 0; i < clients.Length; i++)
                Assert.Equal(BitConverter.GetBytes(i), UdpClients.Receive(clients[i]));
            Assert.All(clients, client => Assert.Equal(0, client.Available));
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
    });

    [KernelFact]
    public void One_client_may_talk_to_many_ports_from_one_socket() => scene.Namespace.Run(() =>
    {
        // An unconnected socket hears everybody: what it is told is who has answered.
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        for (var port = 10_000; port < 10_050; port++)
        {
            var destination = new IPEndPoint(IPAddress.Parse("198.51.100.3"), port);
            client.SendTo(BitConverter.GetBytes(port), destination);
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            var buffer = new byte[64];
            Assert.Equal(port, BitConverter.ToInt32(buffer.AsSpan(0, client.ReceiveFrom(buffer, ref from))));
            Assert.Equal(destination, from);
        }
    });

    [KernelFact]
    public void A_local_client_with_a_steered_address_that_is_connected_hears_its_server_and_not_the_proxy() => scene.Namespace.Run(() =>
    {
        using var server = UdpClients.Bind("127.0.0.1", 0);
        using var client = UdpClients.Bind("198.51.100.8", 6000);
        client.Connect(server.LocalEndPoint!);
        client.Send("question"u8);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        server.ReceiveFrom(new byte[64], ref from);
        Assert.Equal(client.LocalEndPoint, from);
        server.SendTo("answer"u8, from);
        Assert.Equal("answer"u8, UdpClients.Receive(client));
        // Were the answer steered, the proxy would have opened a flow, and the server would hear its own words.
        Assert.Equal(0, server.Available);
    });

    private static void AssertEchoed(string address, int port, Random random)
    {
        var data = new byte[random.Next(1, 1400)];
        random.NextBytes(data);
        using var client = UdpClients.Connect(address, port);
        AssertEchoed(client, data);
    }

    private static void AssertEchoed(Socket client, byte[] data)
    {
        client.Send(data);
        Assert.Equal(data, UdpClients.Receive(client));
    }
}
