using Everyport.Steering.Netlink;
using Everyport.Steering.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Registration;

/// <summary>A listener of another process.</summary>
/// <param name="Listener">What the kernel says about it.</param>
/// <param name="Process">A process that has it open.</param>
/// <param name="Descriptor">The descriptor there.</param>
internal readonly record struct ProcessSocket(OpenListener Listener, int Process, int Descriptor)
{
    /// <summary>
    /// Gets the socket itself, to be disposed of: as long as it is held, it is open. Null where it is not there any more: the
    /// descriptor may be another file since it was found, and the number another process.
    /// </summary>
    public SafeFileHandle? TryFetch()
    {
        using var process = ProcessHandle.TryOpen(Process);
        var socket = process?.TryFetch(Descriptor);
        if (socket is null || Sockets.Listener.TryInspect(socket, out var now) == ListenerFault.None && now.Cookie == Listener.Cookie)
            return socket;
        socket.Dispose();
        return null;
    }

    /// <summary>As <c>tcp 127.0.0.1:80 of 4711 ('nginx')</c>.</summary>
    public override string ToString() => $"{ListenerText.Of(Listener)} of {ProcessFiles.Describe(Process)}";
}
