using Everyport.Steering.Kernel;
using Everyport.Steering.Pins;
using Everyport.Steering.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Tables;

/// <summary>
/// Fills the maps of a new layout with what those of another one hold: sockets, whoever they belong to, and counters. What is
/// counted in the old ones from then on, until the link is switched, is lost.
/// </summary>
internal static unsafe class MapMove
{
    private const string ResourceName = "move_sockets.bpf.o", Program = "move";

    /// <summary>Returns how many slots were filled.</summary>
    /// <exception cref="SteeringException">The kernel cannot move sockets, which it can since Linux 5.13, or a service has more than it can have here.</exception>
    public static int Run(SharedMaps from, PinnedState state, SharedMaps to)
    {
        CopyCounters(from.Services, to.Services);
        CopyCounters(from.Totals, to.Totals);
        CopyCounters(from.Ports, to.Ports);
        if (from is { Rules: { } counted } && to is { Rules: { } counting })
            CopyCounters(counted, counting);

        var moves = Moves(new SocketSlots(from.Sockets), state).ToList();
        if (moves.Count == 0)
            return 0;
        using var handle = BpfFile.Open(ResourceName);
        Reuse(handle, "from", from.Sockets);
        Reuse(handle, "to", to.Sockets);
        BpfFile.Load(handle, Program);
        var program = BpfFile.ProgramFd(handle, Program);
        return moves.Count(move => ProgramRun.Run(program, (uint)move.From, (uint)move.To));
    }

    /// <summary>The slots that hold a socket, each with the one that it gets: families and protocols have kept their order, members may be more or fewer.</summary>
    private static IEnumerable<(int From, int To)> Moves(SocketSlots slots, PinnedState state)
    {
        foreach (var (service, number) in state.Services)
        {
            foreach (var (ipv6, udp) in TableLayout.Kinds.ToArray())
            {
                var members = slots.BySlot(number, ipv6, udp, state.SlotsPerService);
                var next = TableLayout.FirstSlot(number, ipv6, udp);
                var end = next + TableLayout.MembersPerFamily;
                var first = number * state.SlotsPerService + TableLayout.Root(ipv6, udp) * members.Length;
                for (var member = 0; member < members.Length; member++)
                {
                    if (members[member] == 0)
                        continue;
                    if (next == end)
                        throw new SteeringException($"the service '{service}' has more than the {TableLayout.MembersPerFamily} sockets of one family and protocol that this program's layout has room for");
                    yield return (first + member, next++);
                }
            }
        }
    }

    /// <summary>One value for each CPU, of each entry. Counters of another size mean something else, and begin anew.</summary>
    private static void CopyCounters(SafeFileHandle from, SafeFileHandle to)
    {
        var (old, @new) = (ObjectInfo.OfMap(from), ObjectInfo.OfMap(to));
        if (old.ValueSize != @new.ValueSize)
            return;
        var values = new byte[(int)old.ValueSize * Libbpf.PossibleCpus()];
        fixed (byte* buffer = values)
        {
            for (uint key = 0; key < Math.Min(old.MaxEntries, @new.MaxEntries); key++)
            {
                BpfFile.Check(Libbpf.MapLookup(from, &key, buffer), "read the counters");
                if (values.AsSpan().ContainsAnyExcept((byte)0))
                    BpfFile.Check(Libbpf.MapUpdate(to, &key, buffer, Libbpf.Any), "write the counters");
            }
        }
    }

    private static void Reuse(BpfObjectHandle handle, string name, SafeFileHandle map) =>
        BpfFile.Check(Libbpf.MapReuse(BpfFile.FindMap(handle, name), map), $"share the map '{name}'");
}
