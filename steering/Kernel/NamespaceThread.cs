using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Kernel;

/// <summary>
/// Runs code in a network namespace. Sockets belong to that of the thread that opens them, and so do the files of /proc/net;
/// the caller's thread stays where it is.
/// </summary>
internal static class NamespaceThread
{
    /// <summary>Runs it on the calling thread where that is in the namespace already, which takes no privilege; otherwise on one that enters it.</summary>
    public static T Run<T>(SafeFileHandle @namespace, Func<T> code)
    {
        using (var own = File.OpenHandle("/proc/thread-self/ns/net"))
        {
            if (FileIdentity.Of(own) == FileIdentity.Of(@namespace))
                return code();
        }
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (Libc.EnterNamespace(@namespace, Libc.CloneNewNet) < 0)
                    throw KernelError.From("enter the network namespace", System.Runtime.InteropServices.Marshal.GetLastPInvokeError(), "CAP_SYS_ADMIN");
                result = code();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
