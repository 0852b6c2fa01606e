using System.Runtime.InteropServices;

namespace Everyport.Steering.Kernel;

/// <summary>Owns a <c>struct bpf_object</c>, and with it the file descriptors of its maps and programs.</summary>
internal sealed class BpfObjectHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Libbpf.ObjectClose(handle);
        return true;
    }
}
