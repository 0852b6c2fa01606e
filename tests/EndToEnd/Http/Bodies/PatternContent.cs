using System.Net;
using Everyport.Origin.Bodies;

namespace Everyport.EndToEnd.Tests.Http.Bodies;

/// <summary>The body of a request, made while it is sent.</summary>
internal sealed class PatternContent(long count) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Pattern.WriteAsync(stream, count, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = count;
        return true;
    }
}
