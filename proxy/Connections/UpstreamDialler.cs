using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Connections;

/// <summary>Opens every TCP connection of the proxy to a destination, and tells <see cref="UpstreamRegistry"/> of it.</summary>
internal sealed class UpstreamDialler(UpstreamRegistry registry)
{
    /// <summary>As long as YARP gives its HTTP client to connect.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Dials a name or a literal address; of several addresses the first that answers.</summary>
    /// <exception cref="SocketException">None answers in time, or the name is not resolved.</exception>
    public async Task<UpstreamConnection> DialAsync(string host, int port, CancellationToken cancelled)
    {
        if (IPAddress.TryParse(host, out var literal))
            return await DialAsync([literal], port, ConnectTimeout, cancelled);

        var started = Stopwatch.GetTimestamp();
        var addresses = await InTimeAsync(ConnectTimeout, deadline => Dns.GetHostAddressesAsync(host, deadline), cancelled);
        return await DialAsync(addresses, port, ConnectTimeout - Stopwatch.GetElapsedTime(started), cancelled);
    }

    /// <summary>
    /// Dials one address after the other. Each has an equal share of the time that is left, as one that is silent
    /// would use up the time of those behind it.
    /// </summary>
    internal async Task<UpstreamConnection> DialAsync(IReadOnlyList<IPAddress> addresses, int port, TimeSpan timeout, CancellationToken cancelled)
    {
        var started = Stopwatch.GetTimestamp();
        SocketException? failure = null;
        for (var i = 0; i < addresses.Count; i++)
        {
            var endpoint = new IPEndPoint(addresses[i], port);
            var share = (timeout - Stopwatch.GetElapsedTime(started)) / (addresses.Count - i);
            try
            {
                return await InTimeAsync(share, deadline => DialAsync(endpoint, deadline), cancelled);
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }
        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <exception cref="SocketException">It has taken longer.</exception>
    private static async Task<T> InTimeAsync<T>(TimeSpan time, Func<CancellationToken, Task<T>> act, CancellationToken cancelled)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        deadline.CancelAfter(time > TimeSpan.Zero ? time : TimeSpan.Zero);
        try
        {
            return await act(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private async Task<UpstreamConnection> DialAsync(IPEndPoint endpoint, CancellationToken cancelled)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        UpstreamRegistry.Registration? registration = null;
        try
        {
            socket.NoDelay = true;
            KeepAlive.Enable(socket);
            registration = registry.Register(Endpoint.From(endpoint).WhenDialled, socket.SafeHandle);
            await socket.ConnectAsync(endpoint, cancelled);
            registration.Connected();
            return new UpstreamConnection(socket, registration);
        }
        catch
        {
            socket.Dispose();
            registration?.Dispose();
            throw;
        }
    }
}
