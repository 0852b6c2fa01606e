using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Registration;

/// <summary>The network namespace of a socket, which need not be that of the process that has it.</summary>
internal static class SocketNamespace
{
    /// <summary>Runs code in the namespace that a file stands for.</summary>
    public static T Run<T>(string path, Func<T> code)
    {
        using var file = Open(path);
        return NamespaceThread.Run(file, code);
    }

    /// <summary>As /proc writes it: <c>net:[4026531840]</c>.</summary>
    public static string NameOf(string path)
    {
        using var file = Open(path);
        return string.Create(CultureInfo.InvariantCulture, $"net:[{FileIdentity.Of(file).Inode}]");
    }

    /// <summary>Its number, the same for all sockets of a namespace; null where the kernel is too old to tell (before 5.14).</summary>
    public static unsafe ulong? Of(SafeHandle socket)
    {
        ulong cookie = 0;
        uint length = sizeof(ulong);
        return Libc.GetSocketOption(socket, Libc.SolSocket, Libc.SoNetworkNamespaceCookie, &cookie, &length) == 0 ? cookie : null;
    }

    /// <summary>The number that sockets of a namespace have.</summary>
    public static ulong? OfFile(string path) => Run(path, () =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        return Of(socket.SafeHandle);
    });

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SteeringException($"Cannot open the network namespace '{path}': {e.Message}", e);
        }
    }
}
