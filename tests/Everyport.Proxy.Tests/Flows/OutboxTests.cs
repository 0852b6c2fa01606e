using System.Net;
using System.Net.Sockets;
using CsCheck;
using Everyport.Proxy.Flows;
using static Everyport.Proxy.Tests.Flows.SomeFlows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>From a batch of received datagrams to those who are to have them, through real sockets.</summary>
public sealed class OutboxTests : IDisposable
{
    private const int Origins = 3, SolUdp = 17, UdpGro = 104, UdpSegment = 103;

    private readonly DatagramBatch _batch = new();
    private readonly Drops _drops = new(TimeProvider.System, new LogLines<Drops>());
    private readonly Outbox _outbox;
    private readonly Socket[] _origins = [.. Enumerable.Range(0, Origins).Select(_ => Receiver())];
    private readonly Flow[] _flows;
    private readonly Socket _receiver = Receiver(), _sender = Receiver();

    public OutboxTests()
    {
        _outbox = new Outbox(_batch, _drops);
        _flows = [.. _origins.Select((origin, client) => Flow(Key(client), destination: EndpointOf(origin).ToString()))];
        _receiver.SetRawSocketOption(SolUdp, UdpGro, [1, 0, 0, 0]);
        _sender.Connect(_receiver.LocalEndPoint!);
    }

    public void Dispose()
    {
        foreach (var socket in _origins.Append(_receiver).Append(_sender))
            socket.Dispose();
        foreach (var flow in _flows)
            flow.Upstream.Dispose();
        _outbox.Dispose();
        _batch.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_flow_gets_its_datagrams_in_order_whether_the_kernel_cuts_messages_or_not(bool canSegment)
    {
        var sizes = Gen.OneOf(0, 1, 64, 64, 64, 1200, 1200, 1200, 2000);
        Gen.Select(Gen.Int[0, Origins - 1], sizes).List[1, DatagramBatch.Capacity].Sample(datagrams =>
        {
            foreach (var flow in _flows)
                flow.Upstream.CanSegment = canSegment;
            for (var i = 0; i < datagrams.Count; i++)
                _sender.Send(Content(i, datagrams[i].Item2));
            Assert.Equal(datagrams.Count, _batch.Receive(_receiver.SafeHandle));
            for (var i = 0; i < datagrams.Count; i++)
                _outbox.Add(_flows[datagrams[i].Item1].Upstream, _flows[datagrams[i].Item1], i, 0, 0);
            _outbox.Flush();
            _batch.Clear();

            for (var i = 0; i < datagrams.Count; i++)
                Assert.Equal(Content(i, datagrams[i].Item2), Receive(_origins[datagrams[i].Item1]));
            Assert.All(_origins, origin => Assert.Equal(0, origin.Available));
        }, iter: 50, threads: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_has_arrived_as_one_leaves_in_its_parts(bool canSegment)
    {
        _flows[0].Upstream.CanSegment = canSegment;
        _sender.SetRawSocketOption(SolUdp, UdpSegment, BitConverter.GetBytes(700));
        var content = Content(1, 700 * 63 + 5);
        _sender.Send(content);
        Assert.Equal(1, _batch.Receive(_receiver.SafeHandle));
        Assert.Equal(700, _batch.Control(0).Segment);

        _outbox.Add(_flows[0].Upstream, _flows[0], 0, 0, 700);
        _outbox.Flush();
        foreach (var part in content.Chunk(700))
            Assert.Equal(part, Receive(_origins[0]));
    }

    [Fact]
    public void Answers_to_several_clients_leave_from_one_socket()
    {
        Assert.Equal(0, ReplySocket.Open(Original, out var socket));
        using var reply = socket!;
        var flows = _origins.Select(client => Flow(new FlowKey(EndpointOf(client), Original))).ToArray();
        for (var i = 0; i < 10; i++)
            _sender.Send(Content(i, 100));
        _batch.Receive(_receiver.SafeHandle);
        for (var i = 0; i < 10; i++)
            _outbox.Add(reply, flows[i % Origins], i, 0, 0);
        _outbox.Flush();

        for (var i = 0; i < 10; i++)
            Assert.Equal(Content(i, 100), Receive(_origins[i % Origins]));
        foreach (var flow in flows)
            flow.Upstream.Dispose();
    }

    [Fact]
    public void A_refusal_of_an_earlier_datagram_costs_no_later_one()
    {
        var origin = (IPEndPoint)_origins[0].LocalEndPoint!;
        _origins[0].Dispose();
        SendOne(_flows[0], "to nobody"u8);
        using var restarted = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
        restarted.Bind(origin);
        SendOne(_flows[0], "to somebody"u8);
        Assert.Equal("to somebody"u8, Receive(restarted));
    }

    [Fact]
    public void What_cannot_be_sent_is_counted_and_the_rest_is_sent()
    {
        // 65,527 bytes arrive over IPv6, and do not fit into a packet of IPv4.
        using var receiver = Receiver("::1");
        using var sender = Receiver("::1");
        sender.Connect(receiver.LocalEndPoint!);
        sender.Send(new byte[65_527]);
        sender.Send("small"u8);
        Assert.Equal(2, _batch.Receive(receiver.SafeHandle));
        _outbox.Add(_flows[0].Upstream, _flows[0], 0, 0, 0);
        _outbox.Add(_flows[0].Upstream, _flows[0], 1, 0, 0);
        _outbox.Flush();
        Assert.Equal("small"u8, Receive(_origins[0]));
        Assert.Equal(1, _drops.Total(DropReason.TooLarge));
    }

    [Fact]
    public void A_flow_that_was_closed_meanwhile_sends_nothing()
    {
        _sender.Send("late"u8);
        _batch.Receive(_receiver.SafeHandle);
        _outbox.Add(_flows[0].Upstream, _flows[0], 0, 0, 0);
        _flows[0].Upstream.Dispose();
        _outbox.Flush();
        Assert.Equal(0, _origins[0].Available);
    }

    private void SendOne(Flow flow, ReadOnlySpan<byte> content)
    {
        _sender.Send(content);
        Assert.Equal(1, _batch.Receive(_receiver.SafeHandle));
        _outbox.Add(flow.Upstream, flow, 0, 0, 0);
        _outbox.Flush();
        _batch.Clear();
    }

    private static byte[] Receive(Socket socket)
    {
        var buffer = new byte[65_536];
        return buffer[..socket.Receive(buffer)];
    }

    private static byte[] Content(int number, int size)
    {
        var bytes = new byte[size];
        new Random(number).NextBytes(bytes);
        return bytes;
    }
}
