using System.Runtime.CompilerServices;
using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Counters;

/// <summary>Reads per-CPU arrays: the kernel returns one value for each possible CPU.</summary>
internal static unsafe class PerCpu
{
    /// <summary>The values of one entry, one for each CPU. <typeparamref name="T"/> is a multiple of 8 bytes.</summary>
    public static T[] Read<T>(SafeFileHandle map, int index) where T : unmanaged
    {
        var values = new T[Libbpf.PossibleCpus()];
        var key = (uint)index;
        fixed (T* buffer = values)
        {
            if (Libbpf.MapLookup(map, Unsafe.AsPointer(ref key), buffer) < 0)
                throw KernelError.Last("read the counters");
        }
        return values;
    }
}
