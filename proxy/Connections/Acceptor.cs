using System.Net.Sockets;
using System.Runtime.InteropServices;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Streams;
using Microsoft.Extensions.Logging;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Connections;

/// <summary>
/// Accepts steered TCP connections on one reactor, up to the limits, and starts each on its way through
/// <see cref="ConnectionDispatcher"/>, there or on a reactor that has fewer. All reactors accept from the same socket.
/// </summary>
internal sealed partial class Acceptor(
    int number, Reactor reactor, Socket listener, ConnectionDispatcher dispatcher, StreamForwarder forwarder, AcceptorsShare shared, ILogger<Acceptor> logger)
{
    /// <summary>After so many it is the turn of those that are open, and of the other reactors.</summary>
    private const int MostInARow = 16;

    /// <summary>After an attempt that nothing can be done about.</summary>
    private const int PauseMilliseconds = 100;

    private volatile bool _stopped;
    private Pause? _pause;
    private long _accepted;

    /// <summary>How many so far, those among them that were refused. Only its reactor counts.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Comes when all acceptors that share are there.</summary>
    public void Listen() => reactor.Listen(listener.SafeHandle, AcceptSome);

    /// <summary>Accepts nothing more; what is open stays.</summary>
    public void Stop()
    {
        _stopped = true;
        reactor.Post(_ => reactor.StopListening(listener.SafeHandle), null);
    }

    private void AcceptSome()
    {
        for (var i = 0; i < MostInARow && !_stopped; i++)
        {
            if (!AcceptOne())
                return;
        }
    }

    /// <summary>False where there is nothing more to accept for now.</summary>
    private bool AcceptOne()
    {
        var descriptor = Accept(out var client);
        if (descriptor < 0)
            return AcceptFailed(-descriptor);
        Volatile.Write(ref _accepted, _accepted + 1);

        var total = shared.Total();
        if (!total.TryEnter())
        {
            var socket = reactor.Own(descriptor);
            shared.Refusals.Add(RefusalReason.TotalConnections, new Steered(client, SocketNames.Local(socket)));
            socket.Reset();
            return true;
        }
        var chosen = shared.Acceptors[shared.Balance.Enter(number)];
        if (chosen == this)
            Serve(descriptor, client, total);
        else
            chosen.Take(descriptor, client, total);
        return true;
    }

    /// <summary>Takes a connection over from another reactor.</summary>
    private void Take(int descriptor, Endpoint client, ConnectionLimit total) => reactor.Post(_ => Serve(descriptor, client, total), null);

    private void Serve(int descriptor, Endpoint client, ConnectionLimit total)
    {
        var socket = reactor.Own(descriptor);
        var ticket = new ConnectionTicket(total);
        if (reactor.TryWatch(socket))
        {
            _ = ServeAsync(socket, client, ticket);
            return;
        }
        shared.Balance.Leave(number);
        ticket.Dispose();
    }

    private async Task ServeAsync(ReactorSocket socket, Endpoint client, ConnectionTicket ticket)
    {
        try
        {
            if (await dispatcher.DispatchAsync(socket, client, ticket) is { } stream)
                await forwarder.ForwardAsync(stream);
        }
        catch (Exception e)
        {
            ConnectionFailed(e);
        }
        finally
        {
            socket.Dispose();
            shared.Balance.Leave(number);
            ticket.Dispose();
        }
    }

    /// <summary>Without descriptors a connection in the queue can neither be served nor told so: one that is kept for this is given up for it.</summary>
    private bool AcceptFailed(int error)
    {
        if (error is Syscalls.EAGAIN or Syscalls.ECONNABORTED or Syscalls.EINTR)
            return error != Syscalls.EAGAIN;
        if (error is Syscalls.EMFILE or Syscalls.ENFILE && shared.Spare.TryShed(listener) is { } shed)
        {
            shared.Refusals.Add(RefusalReason.Descriptors, shed);
            return true;
        }
        reactor.StopListening(listener.SafeHandle);
        reactor.StartTimer(_pause ??= new Pause(this), PauseMilliseconds);
        return false;
    }

    private unsafe int Accept(out Endpoint client)
    {
        var address = stackalloc byte[SocketAddress.MaxSize];
        uint length = SocketAddress.MaxSize;
        var descriptor = Syscalls.Accept(listener.SafeHandle, address, &length, Syscalls.SockNonblock | Syscalls.SockCloexec);
        if (descriptor < 0)
        {
            client = default;
            return -Marshal.GetLastPInvokeError();
        }
        client = SocketNames.Parse(new ReadOnlySpan<byte>(address, (int)length));
        return descriptor;
    }

    /// <summary>
    /// While not even the spare descriptor is to be had, which somebody else may have taken when it was used, connections
    /// stay in the queue, and epoll would tell of them without end.
    /// </summary>
    private sealed class Pause(Acceptor acceptor) : ReactorTimer
    {
        public override void OnDeadline()
        {
            if (!acceptor._stopped)
                acceptor.Listen();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection ended with an unexpected error")]
    private partial void ConnectionFailed(Exception exception);
}
