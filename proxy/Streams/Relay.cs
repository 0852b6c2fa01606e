using System.Buffers;
using System.Net.Sockets;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Moves bytes between two connections. Each direction ends for itself: the end of one is passed on while the other
/// goes on. What is read is written before more is read, so that a slow reader slows down the sender.
/// </summary>
internal sealed class Relay
{
    /// <summary>Larger reads mean fewer system calls; a stream holds a buffer only while bytes are on their way.</summary>
    private const int BufferSize = 64 * 1024;

    private readonly Socket _client;
    private readonly CancellationTokenSource _broken;
    private CloseReason _reason = CloseReason.Finished;

    private Relay(Socket client, CancellationTokenSource broken) => (_client, _broken) = (client, broken);

    /// <summary>Completes when both directions have ended. The caller disposes of the sockets.</summary>
    public static async Task<CloseReason> RunAsync(Socket client, Socket destination, CancellationToken stopping)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var relay = new Relay(client, broken);
        await Task.WhenAll(relay.CopyAsync(client, destination), relay.CopyAsync(destination, client));
        return stopping.IsCancellationRequested ? CloseReason.Stopping : relay._reason;
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var active = from;
        try
        {
            while (true)
            {
                active = from;
                await from.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, _broken.Token);

                var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
                try
                {
                    var length = await from.ReceiveAsync(buffer, SocketFlags.None, _broken.Token);
                    active = to;
                    if (length == 0)
                    {
                        to.Shutdown(SocketShutdown.Send);
                        return;
                    }
                    for (var sent = 0; sent < length;)
                        sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), SocketFlags.None, _broken.Token);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The other direction broke, or the proxy is stopping.
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Break(active);
        }
    }

    /// <summary>A connection that broke takes both directions with it; the first break is the reason.</summary>
    private void Break(Socket side)
    {
        if (_broken.IsCancellationRequested)
            return;
        _reason = side == _client ? CloseReason.ClientAborted : CloseReason.DestinationAborted;
        _broken.Cancel();
    }
}
