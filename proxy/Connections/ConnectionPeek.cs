using System.Buffers;
using System.Net.Sockets;
using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Connections;

/// <summary>Looks at the first bytes of a connection and leaves them in the socket.</summary>
internal static class ConnectionPeek
{
    // A socket with data is always readable: waiting for more than what is there takes a timer.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Peeks until the protocol is known. A client that says too little before the deadline, or closes, counts as
    /// <see cref="SniffedProtocol.Raw"/>.
    /// </summary>
    public static async ValueTask<FirstBytes> ClassifyAsync(Socket socket, TimeSpan timeout, CancellationToken stopping)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Sniffer.MaxLength);
        try
        {
            // Most clients have sent their first bytes by now: no timer for them.
            if (socket.Available > 0 && Peek(socket, buffer) is { Protocol: not SniffedProtocol.Unknown } and var first)
                return first;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(timeout);
        try
        {
            return await WaitAsync(socket, deadline.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new FirstBytes(SniffedProtocol.Raw);
        }
    }

    private static async Task<FirstBytes> WaitAsync(Socket socket, CancellationToken deadline)
    {
        // An empty buffer waits for the first byte; no memory is held meanwhile.
        await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, deadline);

        var buffer = ArrayPool<byte>.Shared.Rent(Sniffer.MaxLength);
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                // Asked before the peek: what has arrived before the end is then seen.
                var ended = HasEnded(socket);
                if (Peek(socket, buffer) is { Protocol: not SniffedProtocol.Unknown } and var protocol)
                    return protocol;
                if (ended)
                    return new FirstBytes(SniffedProtocol.Raw);
                await Task.Delay(pause, deadline);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static FirstBytes Peek(Socket socket, byte[] buffer)
    {
        var length = socket.Available == 0 ? 0 : socket.Receive(buffer, 0, Sniffer.MaxLength, SocketFlags.Peek);
        return Sniffer.Classify(buffer.AsSpan(0, length));
    }

    /// <summary>Whether the client has closed its side: the connection is then no longer ESTABLISHED, as tcp(7) tells by TCP_INFO.</summary>
    private static bool HasEnded(Socket socket)
    {
        const int IpProtoTcp = 6, TcpInfo = 11, Established = 1;
        Span<byte> state = [0];
        socket.GetRawSocketOption(IpProtoTcp, TcpInfo, state);
        return state[0] != Established;
    }
}
