using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Http;

/// <summary>
/// The HTTP client of a cluster that shares no connection between clients: requests go to the handler that belongs to
/// the client's own connection, and is closed with it. Requests of nobody, health checks, have one for themselves.
/// </summary>
internal sealed class PrivateConnectionsHandler(string cluster, Func<Steered?, HttpMessageInvoker> newClient) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _nobody = newClient(null);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Options.TryGetValue(PrivateConnections.Key, out var connections)
            ? connections.Get(cluster, newClient).SendAsync(request, cancellationToken)
            : _nobody.SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _nobody.Dispose();
        base.Dispose(disposing);
    }
}
