using System.Buffers;
using System.IO.Pipelines;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Http.Transport;

/// <summary>The pipes that Kestrel reads and writes: straight from the socket, without a buffer for an idle connection.</summary>
internal sealed class StreamTransport(ReactorStream stream, PipeWriter output, MemoryPool<byte> memory) : IDuplexPipe
{
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(memory, bufferSize: 4096, minimumReadSize: 1024, leaveOpen: true, useZeroByteReads: true));

    public PipeWriter Output => output;
}
