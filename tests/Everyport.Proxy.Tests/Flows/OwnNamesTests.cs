using Everyport.Proxy.Flows;
using Everyport.Proxy.Routing;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>How the proxy recognises what it has sent itself.</summary>
public class OwnNamesTests
{
    private static readonly Endpoint Destination = To("127.0.0.1:9");

    private readonly OwnNames _names = new();

    [Fact]
    public void A_datagram_to_a_destination_that_is_steered_back_is_known_as_long_as_its_socket_is_open()
    {
        Assert.Equal(0, UpstreamSocket.Open(Destination, out var socket));
        using var upstream = socket!;
        var back = new FlowKey(upstream.Name.Client, Destination);
        Assert.False(_names.IsUpstream(back));
        _names.Add(upstream);
        Assert.True(_names.IsUpstream(back));
        Assert.False(_names.IsUpstream(back with { Original = To("127.0.0.1:10") }));
        _names.Remove(upstream);
        Assert.False(_names.IsUpstream(back));
    }

    [Fact]
    public void An_answer_is_known_by_where_it_comes_from_as_long_as_any_thread_sends_from_there()
    {
        Assert.Equal(0, ReplySocket.Open(To("127.0.0.3:0"), out var one));
        Assert.Equal(0, ReplySocket.Open(To("127.0.0.3:0"), out var other));
        using var first = one!;
        using var second = other!;
        _names.Add(first);
        _names.Add(second); // that of another thread
        Assert.True(_names.IsReply(first.Original));
        Assert.False(_names.IsReply(To("127.0.0.3:1")));
        _names.Remove(first);
        Assert.True(_names.IsReply(first.Original));
        _names.Remove(second);
        Assert.False(_names.IsReply(first.Original));
    }
}
