using Everyport.Proxy.Connections;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Moves bytes between two connections. Each direction ends for itself: the end of one is passed on while the other
/// goes on. What one side does not take stops the other. A break of one side is passed on as a break, never as an end.
/// </summary>
internal abstract class Relay : ReactorTimer, IBreakable
{
    /// <summary>After that time the kernel probes the destination when it is idle; see <see cref="TcpOptions"/>.</summary>
    private const int ProbedAfterMilliseconds = 10_000;

    private readonly ReactorSocket _client, _destination;
    private readonly StreamLimits _limits;
    private readonly long _started;
    private long _lastMoved, _toDestination, _toClient;
    private Side _ended;
    private bool _isProbed;
    private CloseReason? _broken;

    protected Relay(Reactor reactor, ReactorSocket client, ReactorSocket destination, StreamLimits limits)
    {
        (Reactor, _client, _destination, _limits) = (reactor, client, destination, limits);
        _started = _lastMoved = reactor.Now;
    }

    protected Reactor Reactor { get; }

    /// <summary>How long it has been since the beginning.</summary>
    public long Milliseconds => Reactor.Now - _started;

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
        Reactor.StopTimer(this);
        return _broken ?? CloseReason.Finished;
    }

    /// <summary>Moves one direction to its end.</summary>
    protected abstract ValueTask MoveAsync(ReactorSocket from, ReactorSocket to);

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
        if (Reactor.Now - _started >= _limits.LifetimeMilliseconds)
            Break(CloseReason.LifetimeOver);
        else if (Reactor.Now - _lastMoved >= _limits.IdleMilliseconds)
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
            Reactor.StartTimer(this, end - Reactor.Now);
    }

    /// <summary>Whether one direction has ended already.</summary>
    protected bool AnyEnded => _ended != Side.None;

    /// <summary>Whether the connections have been taken down.</summary>
    protected bool IsBroken => _broken is not null;

    protected void Ended(ReactorSocket from) => _ended |= SideOf(from);

    protected void Moved(ReactorSocket to, int count)
    {
        _lastMoved = Reactor.Now;
        if (to == _client)
            _toClient += count;
        else
            _toDestination += count;
    }

    /// <summary>Takes both connections down; the first break is the reason.</summary>
    protected void Break(CloseReason reason)
    {
        if (_broken is not null)
            return;
        _broken = Reactor.IsStopping ? CloseReason.Stopping : reason;
        _client.Reset();
        _destination.Reset();
    }

    protected CloseReason ReasonOf(ReactorSocket socket) => socket == _client ? CloseReason.ClientAborted : CloseReason.DestinationAborted;

    private Side SideOf(ReactorSocket socket) => socket == _client ? Side.Client : Side.Destination;

    [Flags]
    private enum Side : byte
    {
        None = 0,
        Client = 1,
        Destination = 2,
    }
}
