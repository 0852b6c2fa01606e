using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>
/// Runs code on a thread that belongs to nobody (65534), with one group beside his own, and no capability: as 'setpriv' would a process. The
/// system calls change their thread only; it is the C library that has all threads follow.
/// </summary>
internal static unsafe partial class Unprivileged
{
    private const uint NobodyId = 65534;

    private static (long SetGroups, long SetGroupIds, long SetUserIds) Calls =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? (116, 119, 117) : (159, 149, 147);

    public static void Run(uint group, Action code)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Become(group);
                code();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void Become(uint group)
    {
        Assert.Equal(0, SystemCall(Calls.SetGroups, 1, (nint)(&group), 0));
        Assert.Equal(0, SystemCall(Calls.SetGroupIds, (nint)NobodyId, (nint)NobodyId, (nint)NobodyId));
        Assert.Equal(0, SystemCall(Calls.SetUserIds, (nint)NobodyId, (nint)NobodyId, (nint)NobodyId));
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(long number, nint a, nint b, nint c);
}
