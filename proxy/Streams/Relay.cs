using System.Buffers;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Moves bytes between two connections. Each direction ends for itself: the end of one is passed on while the other
/// goes on. What one side does not take stops the other, and only then is memory held: bytes on their way go through
/// the buffer of the reactor. A break of one side is passed on as a break, never as an end.
/// </summary>
internal sealed class Relay : ReactorTimer, IBreakable
{
    /// <summary>After so many full buffers a direction is worth a pipe, or it is somebody else's turn.</summary>
    private const int FullBuffersBeforeSplice = 4;

    /// <summary>A direction that moves less at once gives its pipe back; and after so much it is somebody else's turn.</summary>
    private const int LeastToSplice = 8 * 1024, BytesOfOneTurn = 1 << 20, BuffersOfOneTurn = 16;

    /// <summary>After that time without a byte a direction gives its pipe back to those that move some.</summary>
    private const int QuietMilliseconds = 1000;

    /// <summary>After that time the kernel probes the destination when it is idle; see <see cref="TcpOptions"/>.</summary>
    private const int ProbedAfterMilliseconds = 10_000;

    private readonly Reactor _reactor;
    private readonly ReactorSocket _client, _destination;
    private readonly StreamLimits _limits;
    private readonly long _started;
    private long _lastMoved, _toDestination, _toClient;
    private Side _ended;
    private bool _isProbed;
    private CloseReason? _broken;

    public Relay(Reactor reactor, ReactorSocket client, ReactorSocket destination, StreamLimits limits)
    {
        (_reactor, _client, _destination, _limits) = (reactor, client, destination, limits);
        _started = _lastMoved = reactor.Now;
    }

    /// <summary>How long it has been since the beginning.</summary>
    public long Milliseconds => _reactor.Now - _started;

    /// <summary>Bytes that the destination's side has taken.</summary>
    public long ToDestination => _toDestination;

    /// <summary>Bytes that the client's side has taken.</summary>
    public long ToClient => _toClient;

    /// <summary>Completes when both directions have ended, or the connections are broken. The caller disposes of the sockets.</summary>
    public async ValueTask<CloseReason> RunAsync()
    {
        (_client.Owner, _destination.Owner) = (this, this);
        StartTimer();
        var toDestination = MoveAsync(_client, _destination);
        await MoveAsync(_destination, _client);
        await toDestination;
        _reactor.StopTimer(this);
        return _broken ?? CloseReason.Finished;
    }

    /// <summary>
    /// What it sent before it broke may still be there: whoever reads it will find the break behind that. Where it has
    /// ended already nobody reads.
    /// </summary>
    public void OnBroken(ReactorSocket socket)
    {
        if ((_ended & SideOf(socket)) != 0)
            Break(ReasonOf(socket));
    }

    /// <summary>Moving bytes does not touch the timer: it looks at what has moved when it ends.</summary>
    public override void OnDeadline()
    {
        if (!_isProbed)
        {
            _isProbed = true;
            TcpOptions.Probe(_destination);
        }
        if (_reactor.Now - _started >= _limits.LifetimeMilliseconds)
            Break(CloseReason.LifetimeOver);
        else if (_reactor.Now - _lastMoved >= _limits.IdleMilliseconds)
            Break(CloseReason.Idle);
        else
            StartTimer();
    }

    private void StartTimer()
    {
        var end = Math.Min(
            _limits.LifetimeMilliseconds == StreamLimits.Never ? StreamLimits.Never : _started + _limits.LifetimeMilliseconds,
            _limits.IdleMilliseconds == StreamLimits.Never ? StreamLimits.Never : _lastMoved + _limits.IdleMilliseconds);
        if (!_isProbed)
            end = Math.Min(end, _started + ProbedAfterMilliseconds);
        if (end != StreamLimits.Never)
            _reactor.StartTimer(this, end - _reactor.Now);
    }

    /// <summary>Moves one direction to its end; most go through the buffer, the greatest through a pipe for some time.</summary>
    private async ValueTask MoveAsync(ReactorSocket from, ReactorSocket to)
    {
        while (await CopyAsync(from, to))
        {
            if (_reactor.Pipes.TryRent() is not { } pipe)
            {
                await _reactor.Yield();
                continue;
            }
            try
            {
                if (!await SpliceAsync(from, to, pipe))
                    return;
            }
            finally
            {
                _reactor.Pipes.Return(pipe);
            }
        }
    }

    /// <summary>Moves bytes through the buffer of the reactor. True when there are many, false when the direction has ended.</summary>
    private async ValueTask<bool> CopyAsync(ReactorSocket from, ReactorSocket to)
    {
        for (var (full, inARow) = (0, 0); full < FullBuffersBeforeSplice;)
        {
            var received = from.Receive(_reactor.Buffer);
            if (received == ReactorSocket.Again)
            {
                (full, inARow) = (0, 0);
                await from.ReadableAsync();
                continue;
            }
            if (received <= 0)
                return ReceivedNothing(from, to, received);

            var sent = to.Send(_reactor.Buffer[..received]);
            if (sent is < 0 and not ReactorSocket.Again)
                return SendFailed(to);
            Moved(to, Math.Max(0, sent));
            if (sent < received && !await SendRestAsync(to, Math.Max(0, sent), received))
                return false;
            full = received == Reactor.BufferSize ? full + 1 : 0;
            if (++inARow < BuffersOfOneTurn)
                continue;
            inARow = 0;
            await _reactor.Yield();
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
                if (received != ReactorSocket.Again || from.Peek(_reactor.Buffer[..1]) != ReactorSocket.Again)
                    return true;
                turn = 0;
                _reactor.StartTimer(quiet, QuietMilliseconds);
                await from.ReadableAsync();
                _reactor.StopTimer(quiet);
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
            await _reactor.Yield();
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
        if (_ended == Side.None)
            to.ShutdownSend();
        _ended |= SideOf(from);
        return false;
    }

    /// <summary>Keeps what was not taken until it is; what is in the reactor's buffer is gone at the first await.</summary>
    private async ValueTask<bool> SendRestAsync(ReactorSocket to, int sent, int received)
    {
        var rest = ArrayPool<byte>.Shared.Rent(received - sent);
        try
        {
            _reactor.Buffer[sent..received].CopyTo(rest);
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

    private Side SideOf(ReactorSocket socket) => socket == _client ? Side.Client : Side.Destination;

    private CloseReason ReasonOf(ReactorSocket socket) => socket == _client ? CloseReason.ClientAborted : CloseReason.DestinationAborted;

    private void Moved(ReactorSocket to, int count)
    {
        _lastMoved = _reactor.Now;
        if (to == _client)
            _toClient += count;
        else
            _toDestination += count;
    }

    /// <summary>Takes both connections down; the first break is the reason.</summary>
    private void Break(CloseReason reason)
    {
        if (_broken is not null)
            return;
        _broken = _reactor.IsStopping ? CloseReason.Stopping : reason;
        _client.Reset();
        _destination.Reset();
    }

    [Flags]
    private enum Side : byte
    {
        None = 0,
        Client = 1,
        Destination = 2,
    }
}
