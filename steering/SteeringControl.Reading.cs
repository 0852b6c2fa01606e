using System.Collections.Immutable;
using Everyport.Steering.Counters;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;

namespace Everyport.Steering;

/// <content>Looks at a pinned steering without changing it, and without waiting for those who do.</content>
public sealed partial class SteeringControl
{
    /// <summary>What is there now; null where nothing is loaded. Takes the right to open the pins, and no capability from Linux 5.19 on.</summary>
    /// <exception cref="SteeringException">It may not be read, or is not understood.</exception>
    public SteeringSnapshot? Read()
    {
        using var view = _store.Look();
        if (view is null)
            return null;
        var state = view.State;
        var countersAreOurs = state.Layout == _options.Layout;
        return new SteeringSnapshot(() => state.Effective, ReadPorts)
        {
            PinPath = _store.Path,
            Layout = state.Layout,
            Program = state.Program,
            Attached = view.Link is { } link ? link.NamespaceInode != 0 : null,
            NamespaceInode = view.Link is { NamespaceInode: not 0 and var inode } ? inode : null,
            IsKept = state.IsKept,
            RulesByOwner = state.Rules,
            Guards = state.Guards,
            LocalRoutes = state.Routes,
            RuleHits = countersAreOurs ? CountedRules.ReadHits(state.RuleNumbers, view.Maps.Rules) : null,
            Services = ReadServices(view, countersAreOurs),
            Totals = countersAreOurs ? PerCpu.Read<NamespaceCounters>(view.Maps.Totals, 0).Aggregate(NamespaceCounters.Add) : default,
        };
    }

    private static ImmutableArray<ServiceSnapshot> ReadServices(PinnedView view, bool withCounters)
    {
        var slots = new SocketSlots(view.Maps.Sockets);
        var services = ImmutableArray.CreateBuilder<ServiceSnapshot>(view.State.Services.Count * 2);
        foreach (var (name, number) in view.State.Services.OrderBy(service => service.Key, StringComparer.Ordinal))
        {
            foreach (var udp in (ReadOnlySpan<bool>)[false, true])
            {
                services.Add(new ServiceSnapshot(
                    name,
                    udp ? Protocols.Udp : Protocols.Tcp,
                    slots.BySlot(number, ipv6: false, udp, view.State.SlotsPerService),
                    slots.BySlot(number, ipv6: true, udp, view.State.SlotsPerService),
                    withCounters ? PerCpu.Read<ServiceCounters>(view.Maps.Services, number * 2 + (udp ? 1 : 0)).Aggregate(ServiceCounters.Add) : default));
            }
        }
        return services.DrainToImmutable();
    }

    private ulong[]? ReadPorts()
    {
        using var view = _store.Look();
        if (view is null || view.State.Layout != _options.Layout)
            return null;
        var counters = new ulong[ushort.MaxValue + 1];
        for (var page = 0; page < TableLayout.PortPages; page++)
            PerCpu.Sum(view.Maps.Ports, page, counters.AsSpan(page * TableLayout.PortsPerPage, TableLayout.PortsPerPage));
        return counters;
    }
}
