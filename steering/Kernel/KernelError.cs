using System.Runtime.InteropServices;

namespace Everyport.Steering.Kernel;

/// <summary>Turns error numbers into sentences.</summary>
internal static class KernelError
{
    /// <summary>Makes the exception for a call that has just failed and set errno.</summary>
    public static SteeringException Last(string doing) => From(doing, Marshal.GetLastPInvokeError());

    /// <summary>Makes the exception for a known error number.</summary>
    public static SteeringException From(string doing, int errno) =>
        From(doing, errno, "CAP_BPF and CAP_NET_ADMIN, and a seccomp profile that allows bpf(2)");

    /// <summary>The same, with what the caller needs to be allowed to.</summary>
    public static SteeringException From(string doing, int errno, string needs)
    {
        var hint = errno is Libc.EPERM or Libc.EACCES ? $"; it needs {needs}" : "";
        return new SteeringException($"Cannot {doing}: the kernel said '{Marshal.GetPInvokeErrorMessage(errno)}'{hint}.");
    }
}
