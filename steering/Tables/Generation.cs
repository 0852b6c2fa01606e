using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Everyport.Steering.Kernel;

namespace Everyport.Steering.Tables;

/// <summary>
/// A forwarding table in the kernel with the program that reads it. Loading one changes nothing that is attached;
/// a link is switched to it afterwards, in one step.
/// </summary>
internal sealed unsafe class Generation : IDisposable
{
    private const int VerifierLogSize = 1 << 20;
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
    public static Generation Load(ForwardingTable table, SharedMaps shared, bool countPorts)
    {
        var handle = Open();
        try
        {
            var cells = FindMap(handle, "cells");
            Check(Libbpf.MapSetMaxEntries(cells, (uint)Math.Max(1, table.CellCount)), "size the forwarding table");
            foreach (var (name, fd) in shared.ByName)
                Check(Libbpf.MapReuse(FindMap(handle, name), fd), $"share the map '{name}'");
            SetConstants(handle, table, countPorts);

            LoadProgram(handle);
            var tableFd = Libbpf.MapFd(cells);
            Fill(tableFd, table);
            return new Generation(handle, Libbpf.ProgramFd(Libbpf.FindProgram(handle, "steer")), tableFd);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void Dispose() => _object.Dispose();

    private static BpfObjectHandle Open()
    {
        Libbpf.SetPrint(0);
        using var resource = typeof(Generation).Assembly.GetManifestResourceStream("sk_lookup.bpf.o")!;
        var elf = new byte[resource.Length];
        resource.ReadExactly(elf);

        fixed (byte* bytes = elf, name = "everyport\0"u8)
        {
            var options = new Libbpf.OpenOptions { Size = (nuint)sizeof(Libbpf.OpenOptions), ObjectName = name };
            var handle = Libbpf.ObjectOpen(bytes, (nuint)elf.Length, &options);
            return handle.IsInvalid ? throw KernelError.Last("read the BPF program") : handle;
        }
    }

    private static nint FindMap(BpfObjectHandle handle, string name)
    {
        var map = Libbpf.FindMap(handle, name);
        return map != 0 ? map : throw KernelError.Last($"find the map '{name}' in the BPF program");
    }

    private static void SetConstants(BpfObjectHandle handle, ForwardingTable table, bool countPorts)
    {
        var settings = new TableLayout.Settings { DenyIPv4 = table.DenyIPv4, DenyIPv6 = table.DenyIPv6, CountPorts = countPorts ? 1u : 0 };
        for (var i = 0; i < table.Roots.Count; i++)
            settings.Roots[i] = table.Roots[i];
        Check(Libbpf.MapSetInitialValue(FindMap(handle, ".rodata"), &settings, (nuint)sizeof(TableLayout.Settings)), "set the constants of the BPF program");
    }

    private static void LoadProgram(BpfObjectHandle handle)
    {
        var log = (byte*)NativeMemory.AllocZeroed(VerifierLogSize);
        try
        {
            Libbpf.ProgramSetLog(Libbpf.FindProgram(handle, "steer"), log, VerifierLogSize);
            if (Libbpf.ObjectLoad(handle) == 0)
                return;
            var error = Marshal.GetLastPInvokeError();
            var text = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(log)).TrimEnd();
            var cause = KernelError.From("load the BPF program", error);
            throw text.Length == 0 ? cause : new SteeringException($"{cause.Message} The verifier: {LastLine(text)}.", cause) { VerifierLog = text };
        }
        finally
        {
            NativeMemory.Free(log);
        }
    }

    /// <summary>The line before the verifier's statistics is the one that says what is wrong.</summary>
    private static string LastLine(string log) =>
        log.Split('\n').LastOrDefault(line => !line.StartsWith("processed ", StringComparison.Ordinal)) ?? log;

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

    private static void Check(int result, string doing)
    {
        if (result < 0)
            throw KernelError.Last(doing);
    }
}
