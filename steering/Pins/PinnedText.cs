using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Pins;

/// <summary>
/// A text on bpffs, which holds no files but BPF objects: it fills the blocks of an array map, zeros after it. Written once,
/// before anybody can open it.
/// </summary>
internal static unsafe class PinnedText
{
    private const int BlockSize = 4096;

    public static SafeFileHandle Create(string name, ReadOnlySpan<byte> text)
    {
        var options = new Libbpf.MapOptions { Size = (nuint)sizeof(Libbpf.MapOptions), Flags = Libbpf.MapFlagMmapable };
        var blocks = (text.Length + BlockSize - 1) / BlockSize;
        var map = Libbpf.MapCreate(Libbpf.MapTypeArray, name, sizeof(uint), BlockSize, (uint)blocks, &options);
        if (map.IsInvalid)
            throw KernelError.Last($"create the map '{name}'");
        try
        {
            var memory = Map(map, blocks * BlockSize, Libc.ProtRead | Libc.ProtWrite);
            text.CopyTo(new Span<byte>((void*)memory, text.Length));
            _ = Libc.Unmap(memory, (nuint)(blocks * BlockSize));
            return map;
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>By look-ups: a map that was opened to be read cannot be mapped into memory.</summary>
    public static byte[] Read(SafeFileHandle map)
    {
        var blocks = ObjectInfo.OfMap(map).MaxEntries;
        var text = new byte[checked((int)blocks * BlockSize)];
        fixed (byte* bytes = text)
        {
            for (uint block = 0; block < blocks; block++)
            {
                if (Libbpf.MapLookup(map, &block, bytes + block * BlockSize) < 0)
                    throw KernelError.Last("read the state of the pinned steering");
            }
        }
        return text.AsSpan().TrimEnd((byte)0).ToArray();
    }

    private static nint Map(SafeFileHandle map, int size, int protection)
    {
        var memory = Libc.Map(0, (nuint)size, protection, Libc.MapShared, (int)map.DangerousGetHandle(), 0);
        return memory == Libc.MapFailed ? throw KernelError.Last("write the state of the pinned steering") : memory;
    }
}
