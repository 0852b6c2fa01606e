using System.Buffers;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Moves bytes between two connections unread, through the buffer of the reactor or through a pipe. Only where one side does not
/// take them is memory held.
/// </summary>
internal sealed class SocketRelay(Reactor reactor, ReactorSocket client, ReactorSocket destination, StreamLimits limits) : Relay(reactor, client, destination, limits)
{
    /// <summary>After so many full buffers a direction is worth a pipe, or it is somebody else's turn.</summary>
    private const int FullBuffersBeforeSplice = 4;

    /// <summary>A direction that moves less at once gives its pipe back; and after so much it is somebody else's turn.</summary>
    private const int LeastToSplice = 8 * 1024, BytesOfOneTurn = 1 << 20, BuffersOfOneTurn = 16;

    /// <summary>After that time without a byte a direction gives its pipe back to those that move some.</summary>
    private const int QuietMilliseconds = 1000;

    /// <summary>Moves one direction to its end; most go through the buffer, the greatest through a pipe for some time.</summary>
    protected override async ValueTask MoveAsync(ReactorSocket from, ReactorSocket to)
    {
        while (await CopyAsync(from, to))
        {
            if (Reactor.Pipes.TryRent() is not { } pipe)
            {
                await Reactor.Yield();
                continue;
            }
            try
            {
                if (!await SpliceAsync(from, to, pipe))
                    return;
            }
            finally
            {
                Reactor.Pipes.Return(pipe);
            }
        }
    }

    /// <summary>Moves bytes through the buffer of the reactor. True when there are many, false when the direction has ended.</summary>
    private async ValueTask<bool> CopyAsync(ReactorSocket from, ReactorSocket to)
    {
        for (var (full, inARow) = (0, 0); full < FullBuffersBeforeSplice;)
        {
            var received = from.Receive(Reactor.Buffer);
            if (received == ReactorSocket.Again)
            {
                (full, inARow) = (0, 0);
                await from.ReadableAsync();
                continue;
            }
            if (received <= 0)
                return ReceivedNothing(from, to, received);

            var sent = to.Send(Reactor.Buffer[..received]);
            if (sent is < 0 and not ReactorSocket.Again)
                return SendFailed(to);
            Moved(to, Math.Max(0, sent));
            if (sent < received && !await SendRestAsync(to, Math.Max(0, sent), received))
                return false;
            full = received == Reactors.Reactor.BufferSize ? full + 1 : 0;
            if (++inARow < BuffersOfOneTurn)
                continue;
            inARow = 0;
            await Reactor.Yield();
        }
        return true;
    }

    /// <summary>Moves bytes through a pipe. True when there are few again or the end may have come, false when nothing more can be sent.</summary>
    private async ValueTask<bool> SpliceAsync(ReactorSocket from, ReactorSocket to, SplicePipe pipe)
    {
        var quiet = new QuietTimer(from);
        for (var turn = 0; ;)
        {
            var received = from.ReceiveInto(pipe);
            if (received <= 0)
            {
                // splice(2) stops for ever at urgent data, which looks like an empty socket, or like its end: others find out.
                if (received != ReactorSocket.Again || from.Peek(Reactor.Buffer[..1]) != ReactorSocket.Again)
                    return true;
                turn = 0;
                Reactor.StartTimer(quiet, QuietMilliseconds);
                await from.ReadableAsync();
                Reactor.StopTimer(quiet);
                if (quiet.IsOver)
                    return true;
                continue;
            }
            if (!await SendAllAsync(to, pipe))
                return false;
            if (received < LeastToSplice)
                return true;
            if ((turn += received) < BytesOfOneTurn)
                continue;
            turn = 0;
            await Reactor.Yield();
        }
    }

    private async ValueTask<bool> SendAllAsync(ReactorSocket to, SplicePipe pipe)
    {
        while (pipe.Length > 0)
        {
            var sent = to.SendFrom(pipe);
            if (sent == ReactorSocket.Again)
                await to.WritableAsync();
            else if (sent < 0)
                return SendFailed(to);
            else
                Moved(to, sent);
        }
        return true;
    }

    /// <summary>An end is passed on, and so is a break. False: the direction has ended.</summary>
    private bool ReceivedNothing(ReactorSocket from, ReactorSocket to, int received)
    {
        if (received < 0 || from.IsBroken)
        {
            Break(ReasonOf(from));
            return false;
        }
        // Of the second end the close tells.
        if (!AnyEnded)
            to.ShutdownSend();
        Ended(from);
        return false;
    }

    /// <summary>Keeps what was not taken until it is; what is in the reactor's buffer is gone at the first await.</summary>
    private async ValueTask<bool> SendRestAsync(ReactorSocket to, int sent, int received)
    {
        var rest = ArrayPool<byte>.Shared.Rent(received - sent);
        try
        {
            Reactor.Buffer[sent..received].CopyTo(rest);
            for (var (done, length) = (0, received - sent); done < length;)
            {
                await to.WritableAsync();
                var count = to.Send(rest.AsSpan(done, length - done));
                if (count == ReactorSocket.Again)
                    continue;
                if (count < 0)
                    return SendFailed(to);
                Moved(to, count);
                done += count;
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rest);
        }
    }

    /// <summary>False: nothing more can be sent.</summary>
    private bool SendFailed(ReactorSocket to)
    {
        OnBroken(to);
        return false;
    }
}
