using System.Buffers;
using System.Globalization;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Everyport.Proxy.Http.Transport;

/// <summary>
/// A client's connection as Kestrel sees it. It stays on the reactor that accepted it: requests are read, proxied and
/// answered there, without a change of thread.
/// <para>
/// A client that has ended its side may still wait for an answer (RFC 9112, section 9.6). It gets it within
/// <see cref="HalfClosedTimeout"/>; after that it counts as gone.
/// </para>
/// </summary>
internal sealed class ReactorConnection : DefaultConnectionContext, IMemoryPoolFeature, IBreakable
{
    /// <summary>How long a request may go on whose client has sent its end: it may as well have closed the connection.</summary>
    public static readonly TimeSpan HalfClosedTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take for the last that was written to it, once there will be nothing more.</summary>
    private static readonly TimeSpan LastAnswersTimeout = TimeSpan.FromSeconds(10);

    // Beginning with the time, so that identifiers in logs differ from those of the last run.
    private static long _lastId = DateTime.UtcNow.Ticks;

    private readonly Reactor _reactor;
    private readonly ReactorSocket _socket;
    private readonly CancellationTokenSource _closed = new();
    private readonly LingeringClose _closing;
    private readonly GatheringPipe? _pipe;
    private ReactorTimer? _halfClosed;

    /// <summary>Takes over a socket, on its reactor.</summary>
    /// <param name="reactor">The reactor of the socket.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="memory">Where Kestrel has its buffers from.</param>
    /// <param name="steered">Who has dialled what.</param>
    /// <param name="hasManyAnswers">Whether requests are answered side by side, as with HTTP/2.</param>
    public ReactorConnection(Reactor reactor, ReactorSocket socket, MemoryPool<byte> memory, in Steered steered, bool hasManyAnswers) : base(NextId())
    {
        (_reactor, _socket, MemoryPool) = (reactor, socket, memory);
        _closing = new LingeringClose(reactor, socket);
        var stream = new ReactorStream(reactor, socket, dropsUnsendable: true);
        _pipe = hasManyAnswers ? new GatheringPipe(stream) : null;
        Transport = new StreamTransport(stream, _pipe?.Writer ?? new GatheringWriter(stream), memory);
        (RemoteEndPoint, LocalEndPoint) = (steered.Client.ToIPEndPoint(), steered.Original.ToIPEndPoint());
        ConnectionClosed = _closed.Token;
        Features.Set<IMemoryPoolFeature>(this);
        socket.Owner = this;
        if (socket.HasHungUp)
            OnEnded(socket);
    }

    public MemoryPool<byte> MemoryPool { get; }

    /// <summary>Completes, on the reactor, when the connection is closed.</summary>
    public ValueTask ClosedAsync() => _closing.EndedAsync();

    /// <summary>Has Kestrel close it at once where no request is on it, and otherwise after the answer. From any thread.</summary>
    public void EndWhenIdle() => _reactor.Post(static connection => ((ReactorConnection)connection!).Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose(), this);

    public void OnBroken(ReactorSocket socket) => TellClosed();

    public void OnEnded(ReactorSocket socket)
    {
        if (_halfClosed is not null)
            return;
        _halfClosed = new HalfClosed(this);
        _reactor.StartTimer(_halfClosed, (long)HalfClosedTimeout.TotalMilliseconds);
    }

    public override void Abort(ConnectionAbortedException abortReason) => _reactor.Run(static connection =>
    {
        var self = (ReactorConnection)connection!;
        self._socket.Reset();
        self.TellClosed();
    }, this);

    public override async ValueTask DisposeAsync()
    {
        if (_pipe is not null)
        {
            await _pipe.Writer.CompleteAsync();
            await _pipe.Sent.WaitAsync(LastAnswersTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _reactor.Run(static connection => ((ReactorConnection)connection!).Close(), this);
        await base.DisposeAsync();
    }

    private void Close()
    {
        if (_halfClosed is not null)
            _reactor.StopTimer(_halfClosed);
        _socket.Owner = null;
        _closing.Start();
        TellClosed();
    }

    /// <summary>Off the reactor: who listens may do anything.</summary>
    private void TellClosed() => ThreadPool.UnsafeQueueUserWorkItem(static closed => closed.Cancel(), _closed, preferLocal: false);

    private static string NextId() => Interlocked.Increment(ref _lastId).ToString("X", CultureInfo.InvariantCulture);

    private sealed class HalfClosed(ReactorConnection connection) : ReactorTimer
    {
        public override void OnDeadline() => connection.TellClosed();
    }
}
