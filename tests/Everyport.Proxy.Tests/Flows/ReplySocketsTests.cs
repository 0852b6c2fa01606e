using Everyport.Proxy.Flows;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>The sockets that answers leave from.</summary>
public sealed class ReplySocketsTests : IDisposable
{
    private readonly ReplySockets _sockets = new(new OwnNames());

    public void Dispose() => _sockets.Dispose();

    [Fact]
    public void Flows_to_one_original_destination_share_a_socket()
    {
        var first = Acquire(1);
        Assert.Same(first, Acquire(1));
        Assert.NotSame(first, Acquire(2));
        Assert.Equal(2, _sockets.Count);
    }

    [Fact]
    public void A_socket_that_no_flow_uses_is_kept_for_the_next_one()
    {
        var socket = Acquire(1);
        _sockets.Release(socket);
        Assert.Same(socket, Acquire(1));
        Assert.False(_sockets.CloseIdlest());
        Assert.False(socket.Handle.IsClosed);
    }

    [Fact]
    public void Of_those_that_no_flow_uses_the_first_one_goes_where_there_are_too_many()
    {
        ReplySocket[] sockets = [.. Enumerable.Range(0, ReplySockets.MaxIdle + 1).Select(Acquire)];
        foreach (var socket in sockets)
            _sockets.Release(socket);
        Assert.Equal(ReplySockets.MaxIdle, _sockets.Count);
        Assert.True(sockets[0].Handle.IsClosed);
        Assert.All(sockets[1..], socket => Assert.False(socket.Handle.IsClosed));
        Assert.NotSame(sockets[0], Acquire(0));
    }

    [Fact]
    public void A_socket_in_use_is_never_closed_for_others()
    {
        var (used, idle) = (Acquire(1), Acquire(2));
        _sockets.Release(idle);
        Assert.True(_sockets.CloseIdlest());
        Assert.False(_sockets.CloseIdlest());
        Assert.True(idle.Handle.IsClosed);
        Assert.False(used.Handle.IsClosed);
    }

    [Fact]
    public void Where_the_kernel_lets_nobody_send_from_there_is_an_error_and_no_socket()
    {
        // The kernel binds no socket to a link-local address without a link.
        Assert.NotEqual(0, _sockets.Acquire(To("[ff02::1]:0"), out _));
        Assert.Equal(0, _sockets.Count);
    }

    private ReplySocket Acquire(int number)
    {
        Assert.Equal(0, _sockets.Acquire(To($"127.0.{1 + number / 256}.{number % 256}:0"), out var socket));
        return socket!;
    }
}
