using System.Runtime.InteropServices;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering;

/// <content>Puts sockets into the slots of services, and takes them out. From Linux 5.19 on, whoever may open the maps needs no capability.</content>
public sealed partial class SteeringControl
{
    /// <summary>
    /// Registers listening TCP and unconnected UDP sockets for a service, beside those that it has, or in their place: then what it has of the
    /// same families and protocols goes, slot by slot, so that there always is one. The first mention of a service takes CAP_BPF.
    /// </summary>
    /// <exception cref="SteeringException">One of them cannot be steered to, or there is no room; nothing has changed.</exception>
    public RegisteredSockets Register(string service, IReadOnlyList<SafeHandle> sockets, bool replace)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(sockets);
        Listener[] listeners = [.. sockets.Select(Listener.Inspect)];
        using var held = LockLoaded();
        var state = _store.LoadToRegister() ?? throw IsNotLoaded();
        RefuseOtherLayout(state);
        using var map = _store.OpenSockets();
        var slots = new SocketSlots(map);
        var isKnown = state.Services.TryGetValue(service, out var number);
        var before = isKnown ? slots.CookiesIn(number * TableLayout.SlotsPerService, TableLayout.SlotsPerService).ToHashSet() : [];
        if (!replace && isKnown)
            slots.CheckRoom(number, service, listeners);
        Try(service, sockets, replace);
        if (!isKnown)
            number = Add(service, state);

        var replaced = 0;
        if (replace)
            replaced = slots.Replace(number, service, sockets, (ipv6, udp) => listeners.Any(listener => listener.Serves(ipv6, udp)));
        else
            AddAll(slots, number, service, sockets);
        return new RegisteredSockets(
            service,
            [.. listeners.Select(one => new RegisteredSocket(one.Udp ? Protocols.Udp : Protocols.Tcp, one.IPv4, one.IPv6, one.Cookie, before.Contains(one.Cookie)))],
            replaced);
    }

    /// <summary>Empties the slots of a service for these protocols and families. Returns how many held a socket.</summary>
    public int Unregister(string service, Protocols protocols, bool ipv4, bool ipv6)
    {
        using var held = LockLoaded();
        var state = _store.LoadToRegister() ?? throw IsNotLoaded();
        RefuseOtherLayout(state);
        if (!state.Services.TryGetValue(service, out var number))
            return 0;
        using var map = _store.OpenSockets();
        var slots = new SocketSlots(map);
        var emptied = 0;
        foreach (var (isIPv6, isUdp) in TableLayout.Kinds)
        {
            if ((isIPv6 ? ipv6 : ipv4) && (protocols & (isUdp ? Protocols.Udp : Protocols.Tcp)) != 0)
                emptied += slots.Clear(number, isIPv6, isUdp);
        }
        return emptied;
    }

    /// <summary>Has the kernel take the sockets where nobody looks for them: what it refuses is refused before anything is changed.</summary>
    private static void Try(string service, IReadOnlyList<SafeHandle> sockets, bool replace)
    {
        using var scratch = TryCreateScratch();
        if (scratch is null)
            return; // it takes more than some need who may fill slots that are there
        var slots = new SocketSlots(scratch);
        if (replace)
            slots.Replace(0, service, sockets);
        else
            AddAll(slots, 0, service, sockets);
    }

    private static SafeFileHandle? TryCreateScratch()
    {
        try
        {
            return SharedMaps.CreateSockets(TableLayout.SlotsPerService);
        }
        catch (SteeringException)
        {
            return null;
        }
    }

    private int Add(string service, PinnedState state)
    {
        var services = new ServiceDirectory();
        services.Adopt(state.Services);
        var number = services.NumberOf(service);
        try
        {
            _store.Rewrite(state with { Services = services.ToImmutable() });
        }
        catch (SteeringException e)
        {
            throw new SteeringException($"Cannot register sockets for the service '{service}': it has not been named before, and to do so takes CAP_BPF and the right to pin. Name it in a rule first. ({e.Message})", e);
        }
        return number;
    }

    private static void AddAll(SocketSlots slots, int number, string service, IReadOnlyList<SafeHandle> sockets)
    {
        try
        {
            foreach (var socket in sockets)
                slots.Register(number, service, socket);
        }
        catch
        {
            slots.Withdraw();
            throw;
        }
    }
}
