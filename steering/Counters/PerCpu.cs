using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Counters;

/// <summary>Reads per-CPU arrays: the kernel returns one value for each possible CPU.</summary>
internal static unsafe class PerCpu
{
    /// <summary>The sum over all CPUs of an entry that is an array of numbers.</summary>
    public static void Sum(SafeFileHandle map, int index, Span<ulong> sum)
    {
        sum.Clear();
        var values = new ulong[Libbpf.PossibleCpus() * sum.Length];
        var key = (uint)index;
        fixed (ulong* buffer = values)
        {
            if (Libbpf.MapLookup(map, &key, buffer) < 0)
                throw KernelError.Last("read the counters");
        }
        for (var i = 0; i < values.Length; i++)
            sum[i % sum.Length] += values[i];
    }

    /// <summary>The values of one entry, one for each CPU. <typeparamref name="T"/> is a multiple of 8 bytes.</summary>
    public static T[] Read<T>(SafeFileHandle map, int index) where T : unmanaged
    {
        var values = new T[Libbpf.PossibleCpus()];
        var key = (uint)index;
        fixed (T* buffer = values)
        {
            if (Libbpf.MapLookup(map, &key, buffer) < 0)
                throw KernelError.Last("read the counters");
        }
        return values;
    }
}
