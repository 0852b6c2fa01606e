namespace Everyport.Proxy.Http;

/// <summary>Sends bodies to a destination as they come.</summary>
internal sealed class PromptBodies(HttpMessageHandler next) : DelegatingHandler(next)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        PromptContent.Apply(request);
        return base.SendAsync(request, cancellationToken);
    }
}
