using Everyport.Steering.Counters;
using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Tables;

/// <summary>The maps that outlive a generation: sockets and counters.</summary>
internal sealed class SharedMaps : IDisposable
{
    private SharedMaps(SafeFileHandle sockets, SafeFileHandle services, SafeFileHandle totals, SafeFileHandle ports, SafeFileHandle? rules) =>
        (Sockets, Services, Totals, Ports, Rules) = (sockets, services, totals, ports, rules);

    /// <summary>Sockets by slot; see <see cref="TableLayout.FirstSlot"/>.</summary>
    public SafeFileHandle Sockets { get; }

    /// <summary>Counters by service and protocol.</summary>
    public SafeFileHandle Services { get; }

    /// <summary>Counters of the namespace.</summary>
    public SafeFileHandle Totals { get; }

    /// <summary>Counters by port.</summary>
    public SafeFileHandle Ports { get; }

    /// <summary>Counters by rule; null where they were pinned by a program that did not count rules, and are only to be read.</summary>
    public SafeFileHandle? Rules { get; }

    /// <summary>The name of <see cref="Rules"/>.</summary>
    public const string RulesName = "rules";

    /// <summary>The name of <see cref="Sockets"/>.</summary>
    public const string SocketsName = "sockets";

    /// <summary>The names of the maps in the BPF program.</summary>
    public static IReadOnlyList<string> Names { get; } = [SocketsName, "services", "totals", "ports", RulesName];

    /// <summary>New ones, empty.</summary>
    public static unsafe SharedMaps Create() => From(name => name switch
    {
        SocketsName => CreateSockets(TableLayout.MaxServices * TableLayout.SlotsPerService),
        "services" => Create(Libbpf.MapTypePercpuArray, name, sizeof(ServiceCounters), TableLayout.MaxServices * 2),
        RulesName => CreateRules(),
        "totals" => Create(Libbpf.MapTypePercpuArray, name, sizeof(NamespaceCounters), 1),
        _ => Create(Libbpf.MapTypePercpuArray, name, TableLayout.PortsPerPage * sizeof(ulong), TableLayout.PortPages),
    });

    /// <summary>A new map of sockets, empty.</summary>
    public static SafeFileHandle CreateSockets(int slots) => Create(Libbpf.MapTypeSockmap, SocketsName, sizeof(ulong), slots);

    /// <summary>New counters by rule.</summary>
    public static SafeFileHandle CreateRules() => Create(Libbpf.MapTypePercpuArray, RulesName, sizeof(ulong), TableLayout.RuleNumbers);

    /// <summary>Maps that are there already.</summary>
    public static SharedMaps From(Func<string, SafeFileHandle> open) => TryOpen(open)!;

    /// <summary>The same, or null where one of them is missing, but for the counters by rule.</summary>
    public static SharedMaps? TryOpen(Func<string, SafeFileHandle?> open)
    {
        var maps = new List<SafeFileHandle>();
        try
        {
            foreach (var name in Names)
            {
                if (open(name) is { } map)
                    maps.Add(map);
                else if (name != RulesName)
                    break;
            }
            if (maps.Count >= Names.Count - 1)
                return new SharedMaps(maps[0], maps[1], maps[2], maps[3], maps.ElementAtOrDefault(4));
            maps.ForEach(map => map.Dispose());
            return null;
        }
        catch
        {
            maps.ForEach(map => map.Dispose());
            throw;
        }
    }

    /// <summary>The maps under their names in the BPF program.</summary>
    public IEnumerable<(string Name, SafeFileHandle Fd)> ByName =>
        Rules is null ? throw new InvalidOperationException("They are only to be read.") : Names.Zip([Sockets, Services, Totals, Ports, Rules]);

    public void Dispose()
    {
        Sockets.Dispose();
        Services.Dispose();
        Totals.Dispose();
        Ports.Dispose();
        Rules?.Dispose();
    }

    private static unsafe SafeFileHandle Create(uint type, string name, int valueSize, int entries)
    {
        var map = Libbpf.MapCreate(type, name, sizeof(uint), (uint)valueSize, (uint)entries, null);
        return map.IsInvalid ? throw KernelError.Last($"create the map '{name}'") : map;
    }
}
