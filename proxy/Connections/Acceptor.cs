using System.Net.Sockets;
using Everyport.Proxy.Configuration;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Connections;

/// <summary>
/// Accepts every steered TCP connection, up to the limit, and starts each on its way through
/// <see cref="ConnectionDispatcher"/>.
/// </summary>
internal sealed partial class Acceptor(Socket listener, ConnectionDispatcher dispatcher, Limits limits, ILogger<Acceptor> logger)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);
    private int _open;

    /// <summary>Connections being proxied now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(stopping);
                if (Open >= limits.MaxConnections)
                {
                    Refuse(socket);
                    continue;
                }
                Interlocked.Increment(ref _open);
                _ = ServeAsync(socket, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e) when (!stopping.IsCancellationRequested)
            {
                // Out of descriptors or memory: the queue holds the connection until some are free again.
                AcceptFailed(e.Message);
                await Task.Delay(PauseAfterFailure, CancellationToken.None);
            }
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        try
        {
            await dispatcher.DispatchAsync(socket, stopping);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client or the process went away in the middle.
        }
        catch (Exception e)
        {
            ConnectionFailed(e);
        }
        finally
        {
            socket.Dispose();
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>Closes with a reset, so that nothing of the connection stays behind.</summary>
    private void Refuse(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
        LimitReached(limits.MaxConnections);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot accept a connection: {Reason}")]
    private partial void AcceptFailed(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Refused a connection: {Limit} are open, as many as Limits:MaxConnections allows")]
    private partial void LimitReached(int limit);

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection ended with an unexpected error")]
    private partial void ConnectionFailed(Exception exception);
}
