using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering;

/// <summary>What outlives a generation: the link by which it is attached, and the maps that it reads.</summary>
internal sealed class Attachment(SharedMaps maps, SafeFileHandle? link) : IDisposable
{
    public SharedMaps Maps => maps;

    public SocketSlots Slots { get; } = new(maps.Sockets);

    /// <summary>Null before the first generation.</summary>
    public SafeFileHandle? Link { get; private set; } = link;

    /// <summary>Puts a generation in force: attached with the first one, switched to each other one in one step.</summary>
    public void Switch(Generation generation, SafeFileHandle @namespace)
    {
        if (Link is null)
        {
            var link = Libbpf.LinkCreate(generation.ProgramFd, @namespace, Libbpf.AttachTypeSkLookup, 0);
            Link = link.IsInvalid ? throw CannotAttach(Marshal.GetLastPInvokeError()) : link;
        }
        else if (Libbpf.LinkUpdate(Link, generation.ProgramFd, 0) < 0)
        {
            throw CannotAttach(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Lets go of the link: where nobody else holds it, and it is not pinned, the program is detached.</summary>
    public void Detach() => Link?.Dispose();

    public void Dispose()
    {
        Link?.Dispose();
        maps.Dispose();
    }

    private static SteeringException CannotAttach(int error) => error switch
    {
        Libc.E2BIG => new("Cannot attach to the network namespace: it has the 64 programs that it can have; 'bpftool link show' lists them."),
        Libc.ENOLINK => new("Cannot switch to the new forwarding table: the network namespace is gone, or somebody has detached the program."),
        _ => KernelError.From("attach to the network namespace", error),
    };
}
