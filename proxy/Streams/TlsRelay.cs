using System.Buffers;
using System.Security.Authentication;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Moves what is said between two ends of which one at least speaks TLS. Memory is held only while something moves. The end of
/// one side is passed on as that side has told it: one of TLS (close_notify) as one of TLS, and the mere end of its TCP
/// connection as no more than that, for somebody else may have cut it off.
/// </summary>
internal sealed class TlsRelay(Reactor reactor, StreamEnd client, StreamEnd destination, StreamLimits limits)
    : Relay(reactor, client.Socket, destination.Socket, limits)
{
    /// <summary>The most that a record of TLS holds (RFC 8446, section 5.1).</summary>
    private const int PieceSize = 16 * 1024;

    private const int PiecesOfOneTurn = 16;

    protected override async ValueTask MoveAsync(ReactorSocket from, ReactorSocket to)
    {
        var (source, target) = from == client.Socket ? (client, destination) : (destination, client);
        for (var pieces = 1; await MovePieceAsync(source, target); pieces++)
        {
            // TLS may come back on another thread.
            await Reactor.Enter();
            if (pieces % PiecesOfOneTurn == 0)
                await Reactor.Yield();
        }
    }

    /// <summary>False when the direction has ended.</summary>
    private async ValueTask<bool> MovePieceAsync(StreamEnd source, StreamEnd target)
    {
        var at = source;
        byte[]? piece = null;
        try
        {
            await source.ReadableAsync().ConfigureAwait(false);
            piece = ArrayPool<byte>.Shared.Rent(PieceSize);
            var received = await source.ReadAsync(piece.AsMemory(0, PieceSize)).ConfigureAwait(false);
            await Reactor.Enter();
            at = target;
            if (IsBroken)
                return false;
            if (received == 0)
            {
                await EndAsync(source, target);
                return false;
            }
            await target.WriteAsync(piece.AsMemory(0, received)).ConfigureAwait(false);
            await Reactor.Enter();
            if (target.Socket.IsBroken)
            {
                OnBroken(target.Socket);
                return false;
            }
            Moved(target.Socket, received);
            return !IsBroken;
        }
        // What is sent may be no TLS, and where the connection breaks TLS is the first to notice.
        catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
        {
            await Reactor.Enter();
            Break(ReasonOf(at.Socket));
            return false;
        }
        finally
        {
            if (piece is not null)
                ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private async ValueTask EndAsync(StreamEnd source, StreamEnd target)
    {
        if (source.Socket.IsBroken)
        {
            Break(ReasonOf(source.Socket));
            return;
        }
        Ended(source.Socket);
        await target.EndAsync(source.EndIsCertain);
    }
}
