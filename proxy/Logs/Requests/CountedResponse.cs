using System.IO.Pipelines;
using Everyport.Proxy.Http.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace Everyport.Proxy.Logs.Requests;

/// <summary>Counts what goes into the body of an answer; the one object that a request costs which is logged.</summary>
internal sealed class CountedResponse(IHttpResponseBodyFeature inner) : PassingStream(inner.Stream), IHttpResponseBodyFeature
{
    private PipeWriter? _writer;

    public long Bytes { get; private set; }

    /// <summary>Why the request has failed, where it has.</summary>
    public HttpErrorReason? Reason { get; set; }

    public Stream Stream => this;

    public PipeWriter Writer => _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Bytes += buffer.Length;
        return Inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Bytes += buffer.Length;
        Inner.Write(buffer);
    }

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("A proxy sends no files.");

    public async Task CompleteAsync()
    {
        if (_writer is { } writer)
            await writer.FlushAsync();
        await inner.CompleteAsync();
    }
}
