using System.Net;
using System.Net.Sockets;
using System.Text;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Datagrams in batches, from a real dual-stack socket.</summary>
public sealed class DatagramBatchTests : IDisposable
{
    private const int SolIp = 0, IpRecvOriginalDestination = 20, SolIPv6 = 41, IPv6RecvOriginalDestination = 74;

    private readonly Socket _receiver = new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
    private readonly DatagramBatch _batch = new();

    public DatagramBatchTests()
    {
        _receiver.SetRawSocketOption(SolIp, IpRecvOriginalDestination, [1, 0, 0, 0]);
        _receiver.SetRawSocketOption(SolIPv6, IPv6RecvOriginalDestination, [1, 0, 0, 0]);
        _receiver.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
    }

    private int Port => ((IPEndPoint)_receiver.LocalEndPoint!).Port;

    public void Dispose()
    {
        _receiver.Dispose();
        _batch.Dispose();
    }

    [Fact]
    public void Each_datagram_of_a_batch_tells_its_content_its_client_and_where_it_was_sent_to()
    {
        using var v4 = Sender("127.0.0.1");
        using var v6 = Sender("::1");
        Send(v4, "127.0.0.2", "one");
        Send(v6, "::1", "two, longer");
        Send(v4, "127.0.0.3", "");

        Assert.Equal(3, _batch.Receive(_receiver.SafeHandle));
        AssertDatagram(0, "one", v4, $"127.0.0.2:{Port}");
        AssertDatagram(1, "two, longer", v6, $"[::1]:{Port}");
        AssertDatagram(2, "", v4, $"127.0.0.3:{Port}");
    }

    [Fact]
    public void A_batch_leaves_nothing_behind_for_the_next_one()
    {
        using var v4 = Sender("127.0.0.1");
        using var v6 = Sender("::1");
        for (var round = 0; round < 3; round++)
        {
            _batch.Clear();
            Send(v6, "::1", $"a long datagram of round {round}");
            Assert.Equal(1, _batch.Receive(_receiver.SafeHandle));
            AssertDatagram(0, $"a long datagram of round {round}", v6, $"[::1]:{Port}");
            _batch.Clear();
            Send(v4, "127.0.0.1", $"{round}");
            Assert.Equal(1, _batch.Receive(_receiver.SafeHandle));
            AssertDatagram(0, $"{round}", v4, $"127.0.0.1:{Port}");
        }
    }

    [Fact]
    public void Without_a_datagram_nobody_waits() => Assert.Equal(-Syscalls.EAGAIN, _batch.Receive(_receiver.SafeHandle));

    [Fact]
    public void What_is_received_goes_to_the_places_that_are_free()
    {
        using var v4 = Sender("127.0.0.1");
        Send(v4, "127.0.0.1", "one");
        Assert.Equal(1, _batch.Receive(_receiver.SafeHandle));
        Send(v4, "127.0.0.2", "two");
        Assert.Equal(1, _batch.Receive(_receiver.SafeHandle));
        Assert.Equal(2, _batch.Count);
        AssertDatagram(0, "one", v4, $"127.0.0.1:{Port}");
        AssertDatagram(1, "two", v4, $"127.0.0.2:{Port}");
    }

    [Fact]
    public void A_full_batch_leaves_the_rest_for_the_next_one()
    {
        using var v4 = Sender("127.0.0.1");
        for (var i = 0; i <= DatagramBatch.Capacity; i++)
            Send(v4, "127.0.0.1", $"{i}");
        Assert.Equal(DatagramBatch.Capacity, _batch.Receive(_receiver.SafeHandle));
        Assert.True(_batch.IsFull);
        _batch.Clear();
        Assert.Equal(1, _batch.Receive(_receiver.SafeHandle));
        AssertDatagram(0, $"{DatagramBatch.Capacity}", v4, $"127.0.0.1:{Port}");
    }

    [Fact]
    public void The_largest_datagram_fits()
    {
        using var v4 = Sender("127.0.0.1");
        Send(v4, "127.0.0.1", new string('x', 65_507));
        Assert.Equal(1, _batch.Receive(_receiver.SafeHandle));
        Assert.Equal(65_507, _batch.Data(0).Length);
        Assert.Equal(-1, _batch.Data(0).IndexOfAnyExcept((byte)'x'));
    }

    private void AssertDatagram(int index, string text, Socket client, string original)
    {
        Assert.Equal(text, Encoding.UTF8.GetString(_batch.Data(index)));
        Assert.Equal(Endpoint.From((IPEndPoint)client.LocalEndPoint!), _batch.Client(index));
        Assert.Equal(To(original), _batch.Control(index).Original);
    }

    private void Send(Socket sender, string address, string text) => sender.SendTo(Encoding.UTF8.GetBytes(text), new IPEndPoint(IPAddress.Parse(address), Port));

    private static Socket Sender(string address)
    {
        var ip = IPAddress.Parse(address);
        var socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(ip, 0));
        return socket;
    }
}
