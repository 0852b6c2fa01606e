using System.Buffers;
using System.Runtime.CompilerServices;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>
/// A socket of a reactor as a stream, for what only knows streams: TLS. It throws nothing: a break looks like an end, and whoever
/// wants to know asks the socket. A write never waits: what the kernel does not take is kept until <see cref="DrainAsync"/>,
/// which comes before the next write, so that it is never more than one write. The socket stays its owner's.
/// </summary>
internal sealed class TlsTransport(Reactor reactor, ReactorSocket socket) : Stream
{
    private byte[]? _rest;
    private int _restStart, _restEnd;

    /// <summary>
    /// Whether whoever reads and writes goes on on the thread pool. A handshake computes for a millisecond and more, during which
    /// the reactor would serve nobody.
    /// </summary>
    public bool ContinuesElsewhere { get; set; }

    /// <summary>Whether the other side has sent its end, and all before it was read; or the connection has broken.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether there is something that the kernel has not taken yet.</summary>
    public bool HasRest => _restEnd > 0;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads; an empty buffer only waits until there is something, and holds nothing meanwhile.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await reactor.Enter();
        // An attempt tells more than the socket's own idea of being ready, which is only a guess.
        int received;
        while ((received = buffer.IsEmpty ? socket.Peek(reactor.Buffer[..1]) : socket.Receive(buffer.Span)) == ReactorSocket.Again)
            await socket.ReadableAsync();
        HasEnded |= received <= 0;
        if (ContinuesElsewhere)
            await default(ThreadPoolEntry);
        return buffer.IsEmpty ? 0 : Math.Max(0, received);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (ContinuesElsewhere || !reactor.IsCurrent)
            return WriteElsewhereAsync(buffer);
        Send(buffer.Span);
        return default;
    }

    /// <summary>Waits until the kernel has taken everything, or the connection is broken.</summary>
    public async ValueTask DrainAsync()
    {
        while (_restEnd > 0)
        {
            var sent = socket.Send(_rest.AsSpan(_restStart.._restEnd));
            if (sent == ReactorSocket.Again)
            {
                await socket.WritableAsync();
                continue;
            }
            _restStart += Math.Max(0, sent);
            if (sent < 0 || _restStart == _restEnd)
                DropRest();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            DropRest();
        base.Dispose(disposing);
    }

    private async ValueTask WriteElsewhereAsync(ReadOnlyMemory<byte> buffer)
    {
        await reactor.Enter();
        Send(buffer.Span);
        await DrainAsync();
        await default(ThreadPoolEntry);
    }

    private void Send(ReadOnlySpan<byte> data)
    {
        var sent = HasRest ? 0 : socket.Send(data);
        if (sent is < 0 and not ReactorSocket.Again)
            return; // broken: who reads finds out
        var rest = data[Math.Max(0, sent)..];
        if (rest.IsEmpty)
            return;
        if (_rest is null || _rest.Length - _restEnd < rest.Length)
            Grow(rest.Length);
        rest.CopyTo(_rest.AsSpan(_restEnd));
        _restEnd += rest.Length;
    }

    /// <summary>What TLS itself has to say in between may come before the last write has gone.</summary>
    private void Grow(int more)
    {
        var kept = _rest.AsSpan(_restStart.._restEnd);
        var larger = ArrayPool<byte>.Shared.Rent(kept.Length + more);
        kept.CopyTo(larger);
        var length = kept.Length;
        DropRest();
        (_rest, _restEnd) = (larger, length);
    }

    private void DropRest()
    {
        if (_rest is { } rest)
            ArrayPool<byte>.Shared.Return(rest);
        (_rest, _restStart, _restEnd) = (null, 0, 0);
    }
}
