using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Hosting;
using Microsoft.AspNetCore.Hosting;

namespace Everyport.Proxy.Lifetime;

/// <summary>
/// A port that a process and its successor listen on at the same time (SO_REUSEPORT): the one begins when it has taken over, the other
/// ends when it notices, and in between either may be asked.
/// </summary>
internal static class SharedPort
{
    private const int SolSocket = 1, SoReusePort = 15;

    /// <summary>Tells before anything is taken over whether somebody listens there who does not share.</summary>
    public static void Check(IPEndPoint endpoint, string key) => Startup.Bind(endpoint, SocketType.Stream, ProtocolType.Tcp, key, Share).Dispose();

    /// <summary>Has Kestrel share its port.</summary>
    public static void UseSharedPort(this IWebHostBuilder host) =>
        host.UseSockets(sockets => sockets.CreateBoundListenSocket = endpoint => Startup.Bind((IPEndPoint)endpoint, SocketType.Stream, ProtocolType.Tcp, "Admin:Listen", Share));

    private static void Share(Socket socket) => socket.SetRawSocketOption(SolSocket, SoReusePort, [1, 0, 0, 0]);
}
