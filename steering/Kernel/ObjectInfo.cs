using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Kernel;

/// <summary>What the kernel tells about a BPF object: its number, the size of a map, where a link is attached.</summary>
internal static unsafe class ObjectInfo
{
    /// <summary>The beginning of <c>struct bpf_link_info</c>, for a link to a network namespace.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    public struct Link
    {
        [FieldOffset(4)]
        public uint Id;

        [FieldOffset(8)]
        public uint ProgramId;

        /// <summary>0 where the namespace is gone, or somebody has detached the program.</summary>
        [FieldOffset(16)]
        public uint NamespaceInode;
    }

    /// <summary>The beginning of <c>struct bpf_map_info</c>; that of <c>struct bpf_prog_info</c> has the number there too.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct Map
    {
        [FieldOffset(4)]
        public uint Id;

        [FieldOffset(12)]
        public uint ValueSize;

        [FieldOffset(16)]
        public uint MaxEntries;
    }

    public static Link OfLink(SafeFileHandle link) => Read<Link>((int)link.DangerousGetHandle(), "the link");

    public static Map OfMap(SafeFileHandle map) => Read<Map>((int)map.DangerousGetHandle(), "a map");

    public static uint IdOf(int @object, string name) => Read<Map>(@object, name).Id;

    private static T Read<T>(int @object, string name) where T : unmanaged
    {
        T info = default;
        var size = (uint)sizeof(T);
        if (Libbpf.ReadInfo(@object, &info, &size) < 0)
            throw KernelError.Last($"ask the kernel about {name}");
        return info;
    }
}
