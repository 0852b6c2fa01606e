using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Routing;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Flows with real sockets on loopback, and time that the test moves.</summary>
public sealed class FlowTableTests : IDisposable
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60), Second = TimeSpan.FromSeconds(1);

    // Port 0: the kernel chooses one, so that no other program can have it.
    private static readonly Endpoint Original = To("127.0.0.1:0"), Destination = To("127.0.0.1:9");

    private readonly Clock _clock = new();
    private readonly FlowTable _flows;

    public FlowTableTests() => _flows = new FlowTable(capacity: 3, IdleTimeout, _clock);

    public void Dispose() => _flows.Dispose();

    [Fact]
    public void A_flow_is_found_by_its_endpoints_and_by_its_id()
    {
        var flow = Open(1);
        Assert.True(_flows.TryFind(Key(1), out var byKey));
        Assert.True(_flows.TryFind(flow.Id, out var byId));
        Assert.Same(flow, byKey);
        Assert.Same(flow, byId);
        Assert.False(_flows.TryFind(Key(2), out _));
        Assert.False(_flows.TryFind(flow.Id + 1, out _));
    }

    [Fact]
    public void A_datagram_from_a_socket_of_our_own_is_a_loop_until_its_flow_is_closed()
    {
        var flow = Open(1);
        var back = new FlowKey(flow.Upstream.Name.Client, Destination);
        Assert.True(_flows.IsLoop(back));
        Assert.False(_flows.IsLoop(Key(1)));
        Assert.False(_flows.IsLoop(back with { Original = To("127.0.0.1:10") }));
        _flows.Close(flow);
        Assert.False(_flows.IsLoop(back));
    }

    [Fact]
    public void A_full_table_gives_the_place_of_the_flow_that_is_idle_for_longest()
    {
        var (first, second, third) = (Open(1), Open(2), Open(3));
        _flows.Touch(first);
        Open(4);
        Assert.Equal(3, _flows.Count);
        Assert.False(_flows.TryFind(second.Key, out _));
        Assert.False(_flows.TryFind(second.Id, out _));
        Assert.True(second.Upstream.Handle.IsClosed);
        Assert.True(_flows.TryFind(first.Key, out _));
        Assert.True(_flows.TryFind(third.Key, out _));
    }

    [Fact]
    public void A_flow_expires_when_it_has_been_idle_for_longer_than_allowed()
    {
        var flow = Open(1);
        _clock.Advance(IdleTimeout);
        _flows.Expire();
        Assert.Equal(1, _flows.Count);

        _clock.Advance(Second);
        _flows.Expire();
        Assert.Equal(0, _flows.Count);
        Assert.True(flow.Upstream.Handle.IsClosed);
    }

    [Fact]
    public void A_datagram_keeps_its_flow_but_no_other()
    {
        var (busy, idle) = (Open(1), Open(2));
        for (var elapsed = TimeSpan.Zero; elapsed <= IdleTimeout; elapsed += Second)
        {
            _clock.Advance(Second);
            _flows.Touch(busy);
            _flows.Expire();
        }
        Assert.True(_flows.TryFind(busy.Key, out _));
        Assert.False(_flows.TryFind(idle.Key, out _));
    }

    [Fact]
    public void An_id_is_never_used_twice_and_leaves_room_for_other_users_of_the_epoll()
    {
        var ids = Enumerable.Range(1, 10).Select(client => Open(client).Id).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(id > FlowTable.FirstId));
    }

    [Fact]
    public void Flows_to_one_original_destination_answer_from_one_socket_that_goes_with_the_last_of_them()
    {
        var (first, second) = (Open(1), Open(2));
        Assert.Same(first.Reply, second.Reply);
        _flows.Close(first);
        using var client = Receiver();
        Assert.True(second.Reply.Send("still here"u8, Endpoint.From((IPEndPoint)client.LocalEndPoint!)));
        Assert.Equal("still here"u8.Length, client.Receive(new byte[64]));

        _flows.Close(second);
        Assert.NotSame(second.Reply, Open(3).Reply);
        Assert.Throws<ObjectDisposedException>(() => second.Reply.Send("gone"u8, Endpoint.From((IPEndPoint)client.LocalEndPoint!)));
    }

    [Fact]
    public void A_flow_whose_answers_cannot_leave_is_not_opened()
    {
        // The kernel binds no socket to a link-local address without a link.
        Assert.Throws<SocketException>(() => _flows.Open(new FlowKey(Key(1).Client, To("[ff02::1]:0")), Destination));
        Assert.Equal(0, _flows.Count);
    }

    private static Socket Receiver()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private Flow Open(int client) => _flows.Open(Key(client), Destination);

    private static FlowKey Key(int client) => new(To($"127.0.0.1:{10_000 + client}"), Original);
}
