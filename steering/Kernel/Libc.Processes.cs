using System.Runtime.InteropServices;

namespace Everyport.Steering.Kernel;

/// <content>What is needed to get at sockets of other processes, and of other namespaces.</content>
internal static unsafe partial class Libc
{
    public const int EBADF = 9, EINVAL = 22, ENOTSOCK = 88;
    public const int SoNetworkNamespaceCookie = 71;
    public const int AfUnix = 1, IpProtoTcp = 6, IpProtoUdp = 17, IpProtoMptcp = 262;
    public const int GetDescriptorFlags = 1;
    public const short PollIn = 1;
    public const long PidfdOpen = 434, PidfdGetfd = 438;

    /// <summary><c>struct pollfd</c>.</summary>
    public struct Polled
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    /// <summary>Older C libraries have no functions for <see cref="PidfdOpen"/> and <see cref="PidfdGetfd"/>.</summary>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SystemCall(nint number, nint first, nint second, nint third);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(Polled* descriptors, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int FileControl(int descriptor, int command, int value);

    [LibraryImport(Library, EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetSocketName(SafeHandle socket, byte* address, uint* length);
}
