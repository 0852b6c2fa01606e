using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Streams;

/// <summary>TCP through the proxy at layer 4, by real connections.</summary>
public sealed class StreamTests(StreamScene scene) : IClassFixture<StreamScene>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [KernelTheory]
    [InlineData(25)]
    [InlineData(587)]
    public void A_server_that_speaks_first_is_heard_at_once_where_the_port_makes_the_stream_certain(int port) => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(StreamScene.Address, port);
        Assert.Equal(StreamScene.Banner, Encoding.ASCII.GetString(TcpClients.Receive(client, StreamScene.Banner.Length)));
    });

    [KernelTheory]
    [InlineData(7001, "seven thousand one")]
    [InlineData(7002, "seven thousand two")]
    public void The_port_in_a_destination_is_the_one_that_the_client_dialled(int port, string banner) => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(StreamScene.Address, port);
        Assert.Equal(banner, Encoding.ASCII.GetString(TcpClients.Receive(client, banner.Length)));
    });

    [KernelFact]
    public void What_is_no_HTTP_goes_to_the_catch_all_and_a_client_that_has_finished_still_receives_everything() => scene.Namespace.Run(() =>
    {
        var data = RandomBytes(3_000_000);
        using var client = TcpClients.Connect(StreamScene.Address, 31337);
        var sending = Task.Run(() =>
        {
            client.Send(data);
            client.Shutdown(SocketShutdown.Send);
        });
        var received = TcpClients.ReceiveToEnd(client);
        Assert.True(sending.Wait(Patience));
        Assert.True(data.AsSpan().SequenceEqual(received), $"sent {data.Length} bytes, received {received.Length}");
    });

    [KernelFact]
    public void Bytes_that_come_one_by_one_come_back_one_by_one() => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(StreamScene.Address, 2525);
        // The first bytes could be those of HTTP; what decides is that the line does not end as HTTP's does.
        foreach (var b in "HELO a /b\r\n"u8)
            client.Send([b]);
        Assert.Equal("HELO a /b\r\n", Encoding.ASCII.GetString(TcpClients.Receive(client, 11)));
        foreach (var b in RandomBytes(100))
        {
            client.Send([b]);
            Assert.Equal([b], TcpClients.Receive(client, 1));
        }
    });

    [KernelFact]
    public void A_break_of_the_server_is_no_end_to_the_client() => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(StreamScene.Address, 2600);
        Assert.Equal(StreamScene.Partial, Encoding.ASCII.GetString(TcpClients.Receive(client, StreamScene.Partial.Length)));
        client.Send("go on"u8);
        var error = Assert.Throws<SocketException>(() => client.Receive(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    });

    [KernelFact]
    public void A_break_of_the_client_is_no_end_to_the_server() => scene.Namespace.Run(() =>
    {
        using (var client = TcpClients.Connect(StreamScene.Address, 2700))
        {
            // Heard from the server: what breaks now is a connection on both sides of the proxy.
            Assert.Equal("!"u8.ToArray(), TcpClients.Receive(client, 1));
            client.Send("half of what was to come"u8);
            client.LingerState = new LingerOption(true, 0);
        }
        Assert.True(scene.Endings.TryTake(out var ending, Patience));
        Assert.Equal(nameof(SocketError.ConnectionReset), ending);
    });

    [KernelFact]
    public void A_client_whose_server_refuses_sees_a_reset() => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(StreamScene.Address, 7003);
        var error = Assert.Throws<SocketException>(() => client.Receive(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    });

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(4711).NextBytes(bytes);
        bytes[0] = 0; // neither HTTP nor TLS
        return bytes;
    }
}
