using System.Buffers;
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
        var length = Libbpf.PossibleCpus() * sum.Length;
        var rented = ArrayPool<ulong>.Shared.Rent(length);
        try
        {
            var key = (uint)index;
            fixed (ulong* buffer = rented)
            {
                if (Libbpf.MapLookup(map, &key, buffer) < 0)
                    throw KernelError.Last("read the counters");
            }
            for (var values = rented.AsSpan(0, length); values.Length > 0; values = values[sum.Length..])
            {
                for (var i = 0; i < sum.Length; i++)
                    sum[i] += values[i];
            }
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
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
