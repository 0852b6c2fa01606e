using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Netlink;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Registration;

/// <summary>
/// Keeps the sockets of one service those of its program. Each look costs a few system calls where nothing has changed: the
/// slots are read, and where it says which process serves. Only what has changed there has the listeners of the namespace
/// listed, and only other listeners have the descriptors of the processes searched.
/// </summary>
internal sealed class ServiceKeeper(WatchedService watched, Func<string, IReadOnlyList<SafeHandle>, RegisteredSockets> register)
{
    /// <summary>How often everything is looked at, whatever has changed: a listener may be added beside one that stays.</summary>
    private static readonly TimeSpan Thoroughly = TimeSpan.FromSeconds(1);

    /// <summary>For how long the listeners are listed at each look when other processes serve: they take a while until they listen.</summary>
    private static readonly TimeSpan Expectantly = TimeSpan.FromSeconds(5);

    /// <summary>What we have registered in the present map, and where it was found.</summary>
    private readonly Dictionary<ulong, ProcessSocket> _registered = [];

    /// <summary>What the program had when it was searched last with success.</summary>
    private HashSet<ulong> _found = [];

    private FileIdentity? _map;
    private SlotContent[] _slots = [];
    private ulong[] _listeners = [];
    private int _stamp;
    private bool _isSettled;
    private TimeSpan _listed = TimeSpan.MinValue, _searched = TimeSpan.MinValue, _retry = TimeSpan.MinValue, _expects = TimeSpan.MinValue;
    private (WatchEventKind, string) _told;

    /// <summary>Whether its sockets are those of its program.</summary>
    public bool IsSettled => _isSettled;

    public WatchedService Watched => watched;

    /// <summary>Whether all that is in its slots is ours, and something is.</summary>
    public bool HasAll(SlotContent[] slots) => slots.Length > 0 && slots.All(content => _registered.ContainsKey(content.Cookie));

    /// <summary>Looks what has changed, and registers what is missing; null where there is nothing to tell.</summary>
    public WatchEvent? Look(WatchRound round)
    {
        if (round.Now < _retry)
            return null;
        try
        {
            return Tell(Keep(round));
        }
        catch (SteeringException e)
        {
            _retry = round.Now + Thoroughly;
            return Fail(e);
        }
    }

    /// <summary>Tells of what has to be mended, once.</summary>
    public WatchEvent? Fail(SteeringException failure)
    {
        _isSettled = false;
        return Tell((WatchEventKind.Failed, failure.Message));
    }

    /// <summary>1. What is cheap. 2. The listeners of the namespace. 3. Whose they are, and what is missing.</summary>
    private (WatchEventKind, string)? Keep(WatchRound round)
    {
        if (round.Slots.Map is not { } map)
            return Wait("nothing is loaded to register sockets in; this goes on when there is");
        if (map != _map)
        {
            _registered.Clear();
            _found.Clear();
            (_map, _isSettled) = (map, false);
        }

        var stamp = watched.Source.Stamp();
        if (stamp != _stamp)
            _expects = round.Now + Expectantly;
        if (_isSettled && round.Now >= _expects && round.Slots.Hold(_slots) && round.Now < _listed + Thoroughly)
            return null;
        int[] processes = [.. watched.Source.Processes().Where(ProcessHandle.IsRunning)];
        if (processes.Length == 0)
            return Wait(watched.Source.WhyNone());

        var slots = round.Slots.Read(watched.Service);
        OpenListener[] listeners = [.. round.Listeners.Where(watched.Filter.Matches)];
        ulong[] cookies = [.. listeners.Select(listener => listener.Cookie).Distinct().Order()];
        var changed = stamp != _stamp || !slots.AsSpan().SequenceEqual(_slots) || !cookies.AsSpan().SequenceEqual(_listeners);
        _listed = round.Now;
        if (!changed && round.Now < _searched + Thoroughly)
            return null;
        (_slots, _stamp, _listeners, _searched) = (slots, stamp, cookies, round.Now);
        return Register(processes, ProcessSearch.Run(processes, listeners), slots);
    }

    private (WatchEventKind, string)? Register(int[] processes, IReadOnlyList<ProcessSocket> found, SlotContent[] slots)
    {
        if (found.Count == 0)
            return Wait($"the process {ProcessFiles.Describe(processes[0])} does not listen{(watched.Filter == ListenerFilter.All ? "" : $" on '{watched.Filter}'")} yet");
        if (ListenerChoice.Ambiguous([.. found.Select(socket => socket.Listener)]) is { Count: > 0 } places)
            throw SearchErrors.Ambiguous(processes[0], places);

        // Whoever has come last goes first: those before keep what is queued with them, and can end without losing any of it.
        var chosen = ThatFit(found.OrderBy(socket => IsWhole(slots, socket) ? 1 : IsFresh(socket) ? 0 : 2));
        ProcessSocket[] missing = [.. chosen.Where(socket => !IsWhole(slots, socket))];
        var haveOthers = slots.Select(content => content.Cookie).Except([.. _registered.Keys, .. found.Select(socket => socket.Listener.Cookie)]).Any();
        var isOurTurn = _found.Count == 0 || missing.Any(IsFresh);
        if (missing.Length == 0)
            return Settle(found, Registered(chosen));
        if (haveOthers && !isOurTurn)
            return Settle(found, (WatchEventKind.Yielded, "somebody else has registered other sockets; they are left there until they are closed"));

        using var sockets = FoundSockets.Fetch(ThatFit(chosen.Concat(_registered.Values.Where(socket => IsIn(slots, socket))).DistinctBy(socket => socket.Listener.Cookie)));
        if (sockets.Handles.Count == 0)
            return Wait("its sockets are closed again");
        register(watched.Service, sockets.Handles);
        _registered.Clear();
        foreach (var socket in sockets.Sockets)
            _registered[socket.Listener.Cookie] = socket;
        return Settle(found, Registered(chosen));
    }

    /// <summary>Only now: what could not be registered is as new as before.</summary>
    private (WatchEventKind, string) Settle(IEnumerable<ProcessSocket> found, (WatchEventKind, string) outcome)
    {
        _found = [.. found.Select(socket => socket.Listener.Cookie)];
        _isSettled = true;
        return outcome;
    }

    private bool IsFresh(ProcessSocket socket) => !_found.Contains(socket.Listener.Cookie) && _found.Count > 0;

    private static bool IsIn(SlotContent[] slots, ProcessSocket socket) => slots.Any(content => content.Cookie == socket.Listener.Cookie);

    /// <summary>Whether it is in a slot of each family that it serves: of a dual-stack socket somebody may have taken one half out.</summary>
    private static bool IsWhole(SlotContent[] slots, ProcessSocket socket) =>
        IsWhole(slots, socket.Listener, ipv6: false) && IsWhole(slots, socket.Listener, ipv6: true);

    private static bool IsWhole(SlotContent[] slots, OpenListener listener, bool ipv6) =>
        !(ipv6 ? listener.IPv6 : listener.IPv4)
        || slots.Any(content => content.Cookie == listener.Cookie && content.Root == TableLayout.Root(ipv6, listener.Protocol == Protocols.Udp));

    private static IReadOnlyList<ProcessSocket> ThatFit(IEnumerable<ProcessSocket> sockets) => ListenerChoice.ThatFit(sockets, socket => ListenerChoice.KindOf(socket.Listener));

    private static (WatchEventKind, string) Registered(IEnumerable<ProcessSocket> sockets) =>
        (WatchEventKind.Registered, $"registered {string.Join(", ", sockets.Select(socket => socket.ToString()).Order(StringComparer.Ordinal))}");

    private (WatchEventKind, string) Wait(string message)
    {
        _isSettled = false;
        return (WatchEventKind.Waiting, message);
    }

    private WatchEvent? Tell((WatchEventKind Kind, string Message)? what)
    {
        if (what is not { } now || now == _told)
            return null;
        _told = now;
        return new WatchEvent(watched.Service, now.Kind, now.Message);
    }
}
