using System.Net;
using System.Text;
using System.Threading.Channels;

namespace Everyport.EndToEnd.Tests.Http.Bodies;

/// <summary>The body of a request, of which each piece is sent when the test says so.</summary>
internal sealed class PacedContent : HttpContent
{
    private readonly Channel<string> _pieces = Channel.CreateUnbounded<string>();

    public void Send(string piece) => _pieces.Writer.TryWrite(piece);

    public void End() => _pieces.Writer.Complete();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await foreach (var piece in _pieces.Reader.ReadAllAsync(cancellationToken))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(piece), cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
