using Everyport.Steering.Counters;
using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Tables;

/// <summary>The maps that outlive a generation: sockets and counters.</summary>
internal sealed class SharedMaps : IDisposable
{
    /// <summary>Sockets by slot; see <see cref="TableLayout.FirstSlot"/>.</summary>
    public SafeFileHandle Sockets { get; }

    /// <summary>Counters by service and protocol.</summary>
    public SafeFileHandle Services { get; }

    /// <summary>Counters of the namespace.</summary>
    public SafeFileHandle Totals { get; }

    /// <summary>Counters by port.</summary>
    public SafeFileHandle Ports { get; }

    public unsafe SharedMaps()
    {
        Sockets = Create(Libbpf.MapTypeSockmap, "sockets", sizeof(ulong), TableLayout.MaxServices * TableLayout.SlotsPerService);
        Services = Create(Libbpf.MapTypePercpuArray, "services", sizeof(ServiceCounters), TableLayout.MaxServices * 2);
        Totals = Create(Libbpf.MapTypePercpuArray, "totals", sizeof(NamespaceCounters), 1);
        Ports = Create(Libbpf.MapTypePercpuArray, "ports", TableLayout.PortsPerPage * sizeof(ulong), TableLayout.PortPages);
    }

    /// <summary>The maps under their names in the BPF program.</summary>
    public IEnumerable<(string Name, SafeFileHandle Fd)> ByName => [("sockets", Sockets), ("services", Services), ("totals", Totals), ("ports", Ports)];

    public void Dispose()
    {
        Sockets.Dispose();
        Services.Dispose();
        Totals.Dispose();
        Ports.Dispose();
    }

    private static SafeFileHandle Create(uint type, string name, int valueSize, int entries)
    {
        var map = Libbpf.MapCreate(type, name, sizeof(uint), (uint)valueSize, (uint)entries, 0);
        return map.IsInvalid ? throw KernelError.Last($"create the map '{name}'") : map;
    }
}
