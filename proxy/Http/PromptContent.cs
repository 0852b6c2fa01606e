using System.Net;

namespace Everyport.Proxy.Http;

/// <summary>
/// The body of a request, each piece of which goes to the destination as it comes. The client of .NET would gather some
/// kilobytes first, and whoever waits for an answer to a small piece would wait forever.
/// </summary>
internal sealed class PromptContent : HttpContent
{
    private readonly HttpContent _body;

    private PromptContent(HttpContent body)
    {
        _body = body;
        foreach (var (name, values) in body.Headers.NonValidated)
            Headers.TryAddWithoutValidation(name, values);
    }

    /// <summary>Puts itself in the place of a body that comes from a client.</summary>
    public static void Apply(HttpRequestMessage request)
    {
        if (request.Content is { } body and not ByteArrayContent && request.Method != HttpMethod.Connect)
            request.Content = new PromptContent(body);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _body.CopyToAsync(new PromptStream(stream), context, cancellationToken);

    /// <summary>Unknown, unless a header has told it.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _body.Dispose();
        base.Dispose(disposing);
    }
}
