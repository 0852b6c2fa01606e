using Everyport.Proxy.Connections;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Moves bytes between two connections. Each direction ends for itself: the end of one is passed on while the other
/// goes on. What one side does not take stops the other, and only then is memory held: bytes on their way go through
/// the buffer of the reactor. A break of one side is passed on as a break, never as an end.
/// </summary>
internal sealed partial class Relay : ReactorTimer, IBreakable
{
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
