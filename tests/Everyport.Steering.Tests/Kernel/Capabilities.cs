using System.Runtime.InteropServices;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>Takes capabilities away from the calling thread, and only from it; see capset(2).</summary>
internal static unsafe partial class Capabilities
{
    private const uint Version3 = 0x20080522;

    public static void DropFromThread()
    {
        var header = stackalloc uint[2];
        header[0] = Version3;
        var data = stackalloc uint[6];
        new Span<uint>(data, 6).Clear();
        Assert.Equal(0, Set(header, data));
    }

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int Set(uint* header, uint* data);
}
