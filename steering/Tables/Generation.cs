using System.Globalization;
using Everyport.Steering.Kernel;

namespace Everyport.Steering.Tables;

/// <summary>
/// A forwarding table in the kernel with the program that reads it. Loading one changes nothing that is attached;
/// a link is switched to it afterwards, in one step.
/// </summary>
internal sealed unsafe class Generation : IDisposable
{
    private const string ResourceName = "sk_lookup.bpf.o", Program = "steer";

    private readonly BpfObjectHandle _object;
    private readonly int _tableFd;

    private Generation(BpfObjectHandle handle, int programFd, int tableFd) => (_object, ProgramFd, _tableFd) = (handle, programFd, tableFd);

    /// <summary>The file descriptor of the program; owned by the object.</summary>
    public int ProgramFd { get; }

    /// <summary>The number by which the kernel knows the program.</summary>
    public uint ProgramId => ObjectInfo.IdOf(ProgramFd, "the program");

    /// <summary>The kernel memory of the table in bytes, as 'bpftool map show' has it.</summary>
    public long TableMemory =>
        (from line in File.ReadLines($"/proc/self/fdinfo/{_tableFd}")
         where line.StartsWith("memlock:", StringComparison.Ordinal)
         select long.Parse(line.AsSpan("memlock:".Length).Trim(), CultureInfo.InvariantCulture)).Single();

    /// <summary>Makes a map of exactly the needed size, fills it, and loads the program against it.</summary>
    public static Generation Load(ForwardingTable table, SharedMaps shared, bool countPorts, bool countRules = false)
    {
        var handle = BpfFile.Open(ResourceName);
        try
        {
            var cells = BpfFile.FindMap(handle, "cells");
            BpfFile.Check(Libbpf.MapSetMaxEntries(cells, (uint)Math.Max(1, table.CellCount)), "size the forwarding table");
            foreach (var (name, fd) in shared.ByName)
                BpfFile.Check(Libbpf.MapReuse(BpfFile.FindMap(handle, name), fd), $"share the map '{name}'");
            SetConstants(handle, table, countPorts, countRules);

            BpfFile.Load(handle, Program);
            var tableFd = Libbpf.MapFd(cells);
            Fill(tableFd, table);
            return new Generation(handle, BpfFile.ProgramFd(handle, Program), tableFd);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void Dispose() => _object.Dispose();

    private static void SetConstants(BpfObjectHandle handle, ForwardingTable table, bool countPorts, bool countRules)
    {
        var settings = new TableLayout.Settings
        {
            DenyIPv4 = table.DenyIPv4,
            DenyIPv6 = table.DenyIPv6,
            CountPorts = countPorts ? 1u : 0,
            CountRules = countRules ? 1u : 0,
        };
        for (var i = 0; i < table.Roots.Count; i++)
            settings.Roots[i] = table.Roots[i];
        BpfFile.Check(Libbpf.MapSetInitialValue(BpfFile.FindMap(handle, ".rodata"), &settings, (nuint)sizeof(TableLayout.Settings)), "set the constants of the BPF program");
    }

    private static void Fill(int fd, ForwardingTable table)
    {
        if (table.CellCount == 0)
            return;
        var memory = Libc.Map(0, (nuint)table.Bytes.Length, Libc.ProtRead | Libc.ProtWrite, Libc.MapShared, fd, 0);
        if (memory == Libc.MapFailed)
            throw KernelError.Last("write the forwarding table");
        table.Bytes.CopyTo(new Span<byte>((void*)memory, table.Bytes.Length));
        _ = Libc.Unmap(memory, (nuint)table.Bytes.Length);
    }
}
