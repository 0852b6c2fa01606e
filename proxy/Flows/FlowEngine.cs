using System.Net.Sockets;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Live;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Flows;

/// <summary>
/// Proxies UDP: a thread that receives steered datagrams, sends each on through the socket of its flow, and sends
/// answers back from the original destination. With several, the kernel gives all datagrams of a client's socket to
/// one of them. In steps:
/// 1. receive a batch; 2. find or open the flow of each datagram; 3. send what goes to each destination;
/// 4. receive the answers of flows; 5. send what goes back from each original destination; 6. close what is idle.
/// </summary>
internal sealed partial class FlowEngine : IDisposable
{
    private const ulong SteeredId = 1, StopId = 2;

    /// <summary>How many batches are received before answers have a turn.</summary>
    private const int MostBatchesInARow = 8;

    private const int ReportInterval = 1000;

    /// <summary>A flow that is quiet for so long while the proxy is ending has ended.</summary>
    private const int DrainIdleTimeout = 5000;

    private readonly Socket _steered;
    private readonly FlowResources _shared;
    private readonly ILogger _logger;
    private readonly Epoll _epoll = new();
    private readonly SafeFileHandle _stop = Syscalls.EventFd(0, Syscalls.EventfdCloexec);
    private readonly DatagramBatch _batch = new();
    private readonly Outbox _outbox;
    private readonly FlowTable _flows = new(Environment.TickCount64);
    private readonly ReplySockets _replies;
    private readonly OpeningBudget _opening = new();
    private readonly LiveShelf _live;
    private readonly FlowTraffic _traffic = new();
    private readonly PendingHellos _hellos;
    private readonly Action<PendingHello> _hellosOver;
    private readonly Thread _thread;
    private long _now, _reportAt;
    private volatile bool _stopping;

    public FlowEngine(int number, Socket steered, FlowResources shared, LiveShelf live, ILogger<FlowEngine> logger)
    {
        (_steered, _shared, _live, _logger) = (steered, shared, live, logger);
        _outbox = new Outbox(_batch, shared.Drops);
        _replies = new ReplySockets(shared.OwnNames);
        _hellos = new PendingHellos(Environment.TickCount64);
        _hellosOver = HelloIsOver;
        _epoll.Add(_steered.SafeHandle, SteeredId);
        _epoll.Add(_stop, StopId);
        _thread = new Thread(Run) { Name = $"udp flows {number}", IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>Ends the thread and closes all flows. The steered socket stays the caller's.</summary>
    public unsafe void Dispose()
    {
        _stopping = true;
        ulong one = 1;
        _ = Syscalls.Write(_stop, &one, sizeof(ulong));
        if (_thread.IsAlive)
            _thread.Join();

        while (_flows.LeastValuable is { } flow)
            Close(flow, FlowCloseReason.Stopping);
        _traffic.Report();
        _hellos.Dispose();
        _replies.Dispose();
        _outbox.Dispose();
        _batch.Dispose();
        _stop.Dispose();
        _epoll.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            try
            {
                Turn();
            }
            catch (Exception e)
            {
                // A mistake with one datagram must not end the thread that serves everybody.
                Failed(e);
                _outbox.Discard();
                _batch.Clear();
            }
        }
    }

    private void Turn()
    {
        var count = _epoll.Wait(ReportInterval);
        _now = Environment.TickCount64;
        for (var i = 0; i < count; i++)
        {
            var id = _epoll.Id(i);
            if (id == SteeredId)
                ReceiveSteered();
            else if (_flows.TryFind(id, out var flow))
                ReceiveAnswers(flow);
        }
        Flush();

        if (_shared.IsDraining)
            _flows.LimitIdleTimeout(DrainIdleTimeout);
        foreach (var flow in _flows.Expire(_now))
            Close(flow, FlowCloseReason.Idle);
        _hellos.Advance(_now);
        if (_now >= _reportAt)
        {
            _traffic.Report();
            _reportAt = _now + ReportInterval;
        }
    }

    private void ReceiveSteered()
    {
        Flush();
        for (var i = 0; i < MostBatchesInARow; i++)
        {
            var received = _batch.Receive(_steered.SafeHandle);
            _opening.Received(received == DatagramBatch.Capacity);
            for (var place = 0; place < received; place++)
                Forward(place);
            Flush();
            if (received < DatagramBatch.Capacity)
                return;
        }
    }

    private void Forward(int place)
    {
        var control = _batch.Control(place);
        if (control.Original is not { } original)
            return;
        var key = new FlowKey(_batch.Client(place), original);
        if (!_flows.TryFind(key, out var flow) && (flow = TryOpen(key, place, control.Segment)) is null)
            return;

        var (datagrams, bytes) = SizeOf(place, control);
        flow.Budget.Received(bytes, datagrams);
        flow.ToDestination.Add(datagrams, bytes);
        flow.Traffic.ToDestination.Add(datagrams, bytes);
        _flows.Touch(flow, _now);
        _outbox.Add(flow.Upstream, flow, place, control.TrafficClass, control.Segment);
    }

    private void ReceiveAnswers(Flow flow)
    {
        if (_batch.IsFull)
            Flush();
        var first = _batch.Count;
        var received = _batch.Receive(flow.Upstream.Handle);
        if (received < 0)
        {
            if (-received is not (Syscalls.EAGAIN or Syscalls.EINTR))
                Refused(flow);
            return;
        }
        if (flow.ToClient.Datagrams == 0)
            flow.Destination.ReportDial(true);
        for (var place = first; place < _batch.Count; place++)
        {
            if (!TryAnswer(flow, place))
                return;
        }
        if (flow.Route.Settings.SingleExchange && flow.ToClient.Datagrams >= flow.ToDestination.Datagrams)
            Close(flow, FlowCloseReason.Answered);
    }

    /// <summary>False where the flow had to be closed.</summary>
    private bool TryAnswer(Flow flow, int place)
    {
        var control = _batch.Control(place);
        var (datagrams, bytes) = SizeOf(place, control);
        flow.ToClient.Add(datagrams, bytes);
        if (!flow.Budget.TryAnswer(bytes, datagrams))
        {
            _shared.Drops.Add(DropReason.ReplyBudget, flow.Key, flow.Route.Route.Name, datagrams);
            return true;
        }
        if (flow.Reply is null && !TryOpenReply(flow))
            return false;
        flow.Traffic.ToClient.Add(datagrams, bytes);
        LearnFrom(flow, place);
        _flows.Touch(flow, _now);
        _outbox.Add(flow.Reply!, flow, place, control.TrafficClass, control.Segment);
        return true;
    }

    private void Flush()
    {
        _outbox.Flush();
        _batch.Clear();
    }

    private (int Datagrams, int Bytes) SizeOf(int place, in ControlMessages control)
    {
        var bytes = _batch.Length(place);
        return (SegmentRun.Of(bytes, control.Segment).Pieces, bytes);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Datagrams were lost by an unexpected error")]
    private partial void Failed(Exception exception);
}
