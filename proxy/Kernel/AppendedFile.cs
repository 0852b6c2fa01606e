using System.Runtime.InteropServices;

namespace Everyport.Proxy.Kernel;

/// <summary>Opens files that several processes append to, which .NET cannot. Compared with the C headers in a test.</summary>
internal static partial class AppendedFile
{
    public const int WriteOnly = 1, Append = 0x400, Create = 0x40;

    /// <summary>The owner may read and write, the group read: there are addresses of people in it.</summary>
    public const uint OwnerAndGroup = 0x1A0;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);
}
