using Everyport.Steering.Counters;
using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Tables;

/// <summary>The maps that outlive a generation: sockets and counters.</summary>
internal sealed class SharedMaps : IDisposable
{
    private SharedMaps(SafeFileHandle sockets, SafeFileHandle services, SafeFileHandle totals, SafeFileHandle ports) =>
        (Sockets, Services, Totals, Ports) = (sockets, services, totals, ports);

    /// <summary>Sockets by slot; see <see cref="TableLayout.FirstSlot"/>.</summary>
    public SafeFileHandle Sockets { get; }

    /// <summary>Counters by service and protocol.</summary>
    public SafeFileHandle Services { get; }

    /// <summary>Counters of the namespace.</summary>
    public SafeFileHandle Totals { get; }

    /// <summary>Counters by port.</summary>
    public SafeFileHandle Ports { get; }

    /// <summary>The name of <see cref="Sockets"/>.</summary>
    public const string SocketsName = "sockets";

    /// <summary>The names of the maps in the BPF program.</summary>
    public static IReadOnlyList<string> Names { get; } = [SocketsName, "services", "totals", "ports"];

    /// <summary>New ones, empty.</summary>
    public static unsafe SharedMaps Create() => From(name => name switch
    {
        SocketsName => CreateSockets(TableLayout.MaxServices * TableLayout.SlotsPerService),
        "services" => Create(Libbpf.MapTypePercpuArray, name, sizeof(ServiceCounters), TableLayout.MaxServices * 2),
        "totals" => Create(Libbpf.MapTypePercpuArray, name, sizeof(NamespaceCounters), 1),
        _ => Create(Libbpf.MapTypePercpuArray, name, TableLayout.PortsPerPage * sizeof(ulong), TableLayout.PortPages),
    });

    /// <summary>A new map of sockets, empty.</summary>
    public static SafeFileHandle CreateSockets(int slots) => Create(Libbpf.MapTypeSockmap, SocketsName, sizeof(ulong), slots);

    /// <summary>Maps that are there already.</summary>
    public static SharedMaps From(Func<string, SafeFileHandle> open) => TryOpen(open)!;

    /// <summary>The same, or null where one of them is missing.</summary>
    public static SharedMaps? TryOpen(Func<string, SafeFileHandle?> open)
    {
        var maps = new List<SafeFileHandle>();
        try
        {
            foreach (var name in Names)
            {
                if (open(name) is { } map)
                    maps.Add(map);
            }
            if (maps.Count == Names.Count)
                return new SharedMaps(maps[0], maps[1], maps[2], maps[3]);
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
    public IEnumerable<(string Name, SafeFileHandle Fd)> ByName => Names.Zip([Sockets, Services, Totals, Ports]);

    public void Dispose()
    {
        Sockets.Dispose();
        Services.Dispose();
        Totals.Dispose();
        Ports.Dispose();
    }

    private static unsafe SafeFileHandle Create(uint type, string name, int valueSize, int entries)
    {
        var map = Libbpf.MapCreate(type, name, sizeof(uint), (uint)valueSize, (uint)entries, null);
        return map.IsInvalid ? throw KernelError.Last($"create the map '{name}'") : map;
    }
}
