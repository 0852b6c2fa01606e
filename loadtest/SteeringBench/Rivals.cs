using System.Runtime.InteropServices;
using System.Buffers.Binary;
using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Benchmarks;

/// <summary>The programs of <c>Bpf/rivals.bpf.c</c>, loaded.</summary>
internal sealed unsafe class Rivals : IDisposable
{
    private const int PageSize = 256 * sizeof(uint);

    private readonly BpfObjectHandle _object;

    public Rivals(SafeHandle socket)
    {
        Libbpf.SetPrint(0);
        using var resource = typeof(Rivals).Assembly.GetManifestResourceStream("rivals.bpf.o")!;
        var elf = new byte[resource.Length];
        resource.ReadExactly(elf);
        fixed (byte* bytes = elf, name = "rivals\0"u8)
        {
            var options = new Libbpf.OpenOptions { Size = (nuint)sizeof(Libbpf.OpenOptions), ObjectName = name };
            _object = Libbpf.ObjectOpen(bytes, (nuint)elf.Length, &options);
        }
        if (Libbpf.ObjectLoad(_object) < 0)
            throw KernelError.Last("load the rivals");

        uint zero = 0;
        var fd = (ulong)socket.DangerousGetHandle();
        Update("target", &zero, &fd);
    }

    public int Pass => Program("pass");

    public int Unconditional => Program("unconditional");

    public int Lpm => Program("lpm");

    /// <summary>Makes every port of the given list, of every prefix, lead to verdict 1. Returns how long the prefixes took.</summary>
    public TimeSpan Fill(IReadOnlyList<Prefix> prefixes, PortRanges ports)
    {
        // Page 0 is empty, page 1 the first level, and a page for each used high byte follows.
        var pages = new Dictionary<int, uint[]> { [0] = new uint[256], [1] = new uint[256] };
        foreach (var range in ports)
        {
            for (int port = range.First; port <= range.Last; port++)
            {
                ref var number = ref pages[1][port >> 8];
                if (number == 0)
                    pages[(int)(number = (uint)pages.Count)] = new uint[256];
                pages[(int)number][port & 255] = 1;
            }
        }
        foreach (var (number, page) in pages)
        {
            var key = (uint)number;
            fixed (uint* values = page)
                Update("pages", &key, values);
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var lpmKey = stackalloc byte[20];
        uint one = 1;
        foreach (var prefix in prefixes)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(lpmKey, 4), (uint)prefix.Length);
            prefix.Address.WriteBytes(new Span<byte>(lpmKey + 4, 16));
            Update(prefix.Address.IsIPv6 ? "prefixes6" : "prefixes4", lpmKey, &one);
        }
        return watch.Elapsed;
    }

    public void Dispose() => _object.Dispose();

    private int Program(string name) => Libbpf.ProgramFd(Libbpf.FindProgram(_object, name));

    private readonly Dictionary<string, SafeFileHandle> _maps = [];

    private void Update(string map, void* key, void* value)
    {
        if (!_maps.TryGetValue(map, out var fd))
            _maps[map] = fd = new SafeFileHandle(Libbpf.MapFd(Libbpf.FindMap(_object, map)), ownsHandle: false);
        if (Libbpf.MapUpdate(fd, key, value, Libbpf.Any) < 0)
            throw KernelError.Last($"fill the map '{map}'");
    }
}
