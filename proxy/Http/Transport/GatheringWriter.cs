using System.Buffers;
using System.IO.Pipelines;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Http.Transport;

/// <summary>
/// What Kestrel writes to a connection. All that has come between two flushes is sent by one system call, however much it
/// is; there is no buffer while nothing waits to be sent. One flush at a time, and nothing is written meanwhile.
/// <para>'loadtest/bench.sh http' shows it in its rows of 100 KiB.</para>
/// </summary>
internal sealed class GatheringWriter(ReactorStream stream) : PipeWriter
{
    // The head of an answer and a small body fit into the first one; who writes more writes as much as YARP copies at once.
    private const int FirstBlock = 4 * 1024, NextBlock = 64 * 1024;

    private readonly OutgoingBytes _pieces = new();
    private readonly List<Block> _blocks = new(2);
    private long _unflushed;
    private int _isCancelled;
    private volatile bool _isFlushing, _isCompleted;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_blocks.Count > 0 && _blocks[^1].Free is { Length: > 0 } free && free.Length >= sizeHint)
            return free;
        var block = new Block(ArrayPool<byte>.Shared.Rent(Math.Max(_blocks.Count == 0 ? FirstBlock : NextBlock, sizeHint)));
        _blocks.Add(block);
        return block.Free;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (bytes == 0)
            return;
        _blocks[^1] = _blocks[^1].Filled(bytes);
        _unflushed += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => WriteAsync(default, cancellationToken);

    /// <summary>Sends what was written before, and <paramref name="source"/> from where it is.</summary>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ValueTask sending;
        if (_unflushed == 0)
        {
            if (source.IsEmpty)
                return ValueTask.FromResult(Result());
            sending = stream.WriteAsync(source, cancellationToken);
        }
        else
        {
            _pieces.Clear();
            foreach (var block in _blocks)
                _pieces.Add(block.Unsent);
            _pieces.Add(source);
            sending = stream.WriteAsync(_pieces.Pieces, cancellationToken);
        }
        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(sending, source.Length, cancellationToken);
        sending.GetAwaiter().GetResult();
        Release(_unflushed);
        return ValueTask.FromResult(Result());
    }

    public override void CancelPendingFlush()
    {
        // Under a lock, so that it ends the flush that it has found, and not a write of the next one.
        lock (_pieces)
        {
            Volatile.Write(ref _isCancelled, 1);
            if (_isFlushing)
                stream.CancelWrite();
        }
    }

    /// <summary>Sends what was written, unless something has gone wrong; the connection is closed elsewhere.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
            return;
        _isCompleted = true;
        if (exception is null && _unflushed > 0 && !_isFlushing)
            _ = FlushAsync().AsTask();
        else if (!_isFlushing)
            Release(_unflushed);
    }

    private async ValueTask<FlushResult> FinishAsync(ValueTask sending, int sourceLength, CancellationToken cancelled)
    {
        lock (_pieces)
        {
            _isFlushing = true;
            if (_isCancelled == 1)
                stream.CancelWrite(); // since it began
        }
        var isSent = false;
        try
        {
            await sending;
            isSent = true;
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            // By CancelPendingFlush, which is no error.
        }
        finally
        {
            // What is left of the source was never ours.
            Release(isSent || _isCompleted ? _unflushed : Math.Max(0, _unflushed - Math.Max(0, stream.Unsent - sourceLength)));
            lock (_pieces)
                _isFlushing = false;
        }
        return Result();
    }

    private FlushResult Result() => new(isCanceled: Interlocked.Exchange(ref _isCancelled, 0) == 1, isCompleted: false);

    /// <summary>Gives back the blocks of which all is sent.</summary>
    private void Release(long sent)
    {
        _unflushed -= sent;
        _pieces.Clear();
        var released = 0;
        foreach (var block in _blocks)
        {
            if (_unflushed > 0 && block.Unsent.Length > sent)
                break;
            sent -= block.Unsent.Length;
            ArrayPool<byte>.Shared.Return(block.Bytes);
            released++;
        }
        _blocks.RemoveRange(0, released);
        if (sent > 0)
            _blocks[0] = _blocks[0].Sent((int)sent);
    }

    private readonly record struct Block(byte[] Bytes, int Start = 0, int End = 0)
    {
        public Memory<byte> Free => Bytes.AsMemory(End);

        public Memory<byte> Unsent => Bytes.AsMemory(Start..End);

        public Block Filled(int bytes) => this with { End = End + bytes };

        public Block Sent(int bytes) => this with { Start = Start + bytes };
    }
}
