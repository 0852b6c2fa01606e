using System.IO.Pipelines;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Http.Transport;

/// <summary>
/// What Kestrel writes to a connection of HTTP/2. Many requests have answers at once, each of which Kestrel flushes for itself:
/// what comes while others are being sent goes together. 'loadtest/bench.sh http' shows it in its rows of h2c and h2.
/// </summary>
internal sealed class GatheringPipe
{
    // One answer of HTTP/2 is written by frames of 16 KiB; who writes waits when so much lies there.
    private const int BlockSize = 16 * 1024, MostUnsent = 64 * 1024;

    private readonly ReactorStream _stream;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: MostUnsent, resumeWriterThreshold: MostUnsent / 2, minimumSegmentSize: BlockSize, useSynchronizationContext: false));
    private readonly OutgoingBytes _pieces = new();

    public GatheringPipe(ReactorStream stream)
    {
        _stream = stream;
        Sent = SendAsync();
    }

    public PipeWriter Writer => _pipe.Writer;

    /// <summary>Completes when the writer is completed and all is sent, or cannot be.</summary>
    public Task Sent { get; }

    private async Task SendAsync()
    {
        Exception? error = null;
        try
        {
            while (await _pipe.Reader.ReadAsync() is { Buffer: var buffer } read && !(buffer.IsEmpty && read.IsCompleted))
            {
                _pieces.Clear();
                foreach (var piece in buffer)
                    _pieces.Add(piece);
                await _stream.WriteAsync(_pieces.Pieces, CancellationToken.None);
                _pipe.Reader.AdvanceTo(buffer.End);
            }
        }
        catch (IOException broken)
        {
            error = broken;
        }
        await _pipe.Reader.CompleteAsync(error);
    }
}
