using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;

namespace Everyport.Proxy.Hosting;

/// <summary>Listens where the configuration says, or says in one sentence why that is not possible.</summary>
internal static class Startup
{
    /// <summary>Starts a host that listens on one endpoint. <paramref name="key"/> is the setting that names it.</summary>
    public static async Task ListenAsync(WebApplication host, IPEndPoint endpoint, string key)
    {
        try
        {
            await host.StartAsync();
        }
        catch (IOException e)
        {
            throw CannotListen(endpoint, key, e.InnerException?.InnerException?.Message ?? e.InnerException?.Message ?? e.Message);
        }
        catch (SocketException e)
        {
            throw CannotListen(endpoint, key, e.Message);
        }
    }

    /// <summary>Binds a socket to an endpoint.</summary>
    public static Socket Bind(IPEndPoint endpoint, SocketType type, ProtocolType protocol, string key, Action<Socket>? prepare = null)
    {
        var socket = new Socket(endpoint.AddressFamily, type, protocol);
        try
        {
            prepare?.Invoke(socket);
            socket.Bind(endpoint);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw CannotListen(endpoint, key, e.Message);
        }
    }

    private static StartupException CannotListen(IPEndPoint endpoint, string key, string reason) =>
        new($"Cannot listen on {endpoint} ({key}): {reason.TrimEnd('.')}. Choose another address with --{key}=ADDRESS:PORT, or stop what uses it.");
}
