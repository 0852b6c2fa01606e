using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace Everyport.Proxy.Http.Guard;

/// <summary>
/// What a client sends on an HTTP/2 connection, on its way to Kestrel, past a <see cref="FrameCounter"/>. Where that finds too much,
/// the connection is aborted and Kestrel gets no more of it.
/// </summary>
internal sealed class CountedInput(PipeReader input, FrameCounter counter, Action<HttpLimit> exceeded) : PipeReader
{
    private ReadOnlySequence<byte> _buffer;
    private SequencePosition _countedTo;
    private bool _isPartlyCounted;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = input.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? new(Count(reading.Result)) : CountAsync(reading);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!input.TryRead(out result))
            return false;
        Count(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // What is left over comes again with the next read.
        (_isPartlyCounted, _countedTo) = (!_buffer.Slice(consumed).IsEmpty, _buffer.End);
        _buffer = default;
        input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => input.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => input.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> CountAsync(ValueTask<ReadResult> reading) => Count(await reading);

    private ReadResult Count(ReadResult result)
    {
        _buffer = result.Buffer;
        foreach (var segment in _isPartlyCounted ? _buffer.Slice(_countedTo) : _buffer)
        {
            if (counter.Read(segment.Span) is not { } limit)
                continue;
            exceeded(limit);
            throw new ConnectionAbortedException(HttpLimitExplanation.Of(limit));
        }
        return result;
    }
}
