using System.ComponentModel;
using System.Net.Sockets;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Names;
using Everyport.Proxy.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Flows;

/// <summary>
/// Proxies UDP: one thread that receives every steered datagram on one socket, sends it on through the socket of
/// its flow, and sends answers back from the original destination.
/// </summary>
internal sealed partial class FlowEngine : IDisposable
{
    private const ulong SteeredId = 1, StopId = 2;
    private const int MaxAnswersInARow = 32;
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromSeconds(1);

    private readonly Socket _steered;
    private readonly RouteTable _routes;
    private readonly NameTable _names;
    private readonly LoopCount _loops;
    private readonly ILogger _logger;
    private readonly Epoll _epoll = new();
    private readonly SafeFileHandle _stop = Syscalls.EventFd(0, Syscalls.EventfdCloexec);
    private readonly DatagramBatch _batch = new();
    private readonly byte[] _answer = GC.AllocateUninitializedArray<byte>(DatagramBatch.MaxDatagram, pinned: true);
    private readonly FlowTable _flows;
    private readonly Thread _thread;
    private volatile bool _stopping;

    public FlowEngine(Socket steered, RouteTable routes, NameTable names, LoopCount loops, Limits limits, TimeProvider time, ILogger<FlowEngine> logger)
    {
        (_steered, _routes, _names, _loops, _logger) = (steered, routes, names, loops, logger);
        _flows = new FlowTable(limits.MaxFlows, limits.FlowIdleTimeout, time);
        _epoll.Add(_steered.SafeHandle, SteeredId);
        _epoll.Add(_stop, StopId);
        _thread = new Thread(Run) { Name = "udp flows", IsBackground = true };
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

        _flows.Dispose();
        _batch.Dispose();
        _stop.Dispose();
        _epoll.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            var count = _epoll.Wait((int)ExpiryInterval.TotalMilliseconds);
            for (var i = 0; i < count; i++)
            {
                var id = _epoll.Id(i);
                if (id == SteeredId)
                    ReceiveSteered();
                else if (_flows.TryFind(id, out var flow))
                    ReceiveAnswers(flow);
            }
            _flows.Expire();
        }
    }

    private void ReceiveSteered()
    {
        var count = _batch.Receive(_steered.SafeHandle);
        for (var i = 0; i < count; i++)
        {
            if (_batch.OriginalDestination(i) is not { } original)
                continue;
            var key = new FlowKey(_batch.Client(i), original);
            if (!_flows.TryFind(key, out var flow))
                flow = TryOpen(key);
            if (flow is null)
                continue;

            _flows.Touch(flow);
            // A refusal of an earlier datagram is reported once, in place of sending this one.
            if (!flow.Upstream.Send(_batch.Data(i)))
                flow.Upstream.Send(_batch.Data(i));
        }
    }

    private void ReceiveAnswers(Flow flow)
    {
        for (var i = 0; i < MaxAnswersInARow; i++)
        {
            if (flow.Upstream.Receive(_answer, out var failed) is not { } length)
            {
                if (failed)
                    _flows.Close(flow);
                return;
            }
            _flows.Touch(flow);
            flow.Reply.Send(_answer.AsSpan(0, length), flow.Key.Client);
        }
    }

    private Flow? TryOpen(FlowKey key)
    {
        if (_flows.IsLoop(key))
        {
            _loops.Add(key.Original);
            return null;
        }
        if (_routes.Decide(new Steered(key.Client, key.Original)).Stream is not { } route)
        {
            NoRoute(_logger, key.Client, key.Original);
            return null;
        }

        // The same client goes to the same destination, whatever port it dials.
        var destination = route.Destinations[(int)((uint)key.Client.Address.GetHashCode() % (uint)route.Destinations.Count)];
        if ((destination.LiteralFor(key.Original) ?? Resolved(destination, key.Original)) is not { } endpoint)
        {
            NotResolved(_logger, route.Name, destination);
            return null;
        }

        while (true)
        {
            try
            {
                return Open(key, endpoint);
            }
            catch (SocketException e) when (e.NativeErrorCode is Syscalls.EMFILE or Syscalls.ENFILE && _flows.CloseIdlest())
            {
                // Out of descriptors: the flow that was idle for longest has made room.
            }
            catch (Exception e) when (e is SocketException or Win32Exception)
            {
                CannotOpen(_logger, route.Name, key.Client, key.Original, e.Message);
                return null;
            }
        }
    }

    private Endpoint? Resolved(StreamDestination destination, Endpoint original) =>
        _names.TryGet(destination.Host, out var addresses) ? new Endpoint(addresses[0], destination.PortFor(original)) : null;

    private Flow Open(FlowKey key, Endpoint destination)
    {
        var flow = _flows.Open(key, destination);
        try
        {
            _epoll.Add(flow.Upstream.Handle, flow.Id);
            return flow;
        }
        catch
        {
            _flows.Close(flow);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Lost a datagram from {Client} to {Original}: no route takes it")]
    private static partial void NoRoute(ILogger logger, Endpoint client, Endpoint original);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Route}: the name in {Destination} is not resolved")]
    private static partial void NotResolved(ILogger logger, string route, StreamDestination destination);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Route}: cannot open a flow from {Client} to {Original}: {Reason}")]
    private static partial void CannotOpen(ILogger logger, string route, Endpoint client, Endpoint original, string reason);
}
