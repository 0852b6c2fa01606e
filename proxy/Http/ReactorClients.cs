using System.Collections.Concurrent;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Http;

/// <summary>
/// The HTTP client of a cluster: one for each reactor, whose connections live there, so that a request is proxied
/// without a change of thread; and one for requests that are on none, those of HTTP/2 clients and health checks.
/// </summary>
internal sealed class ReactorClients(Func<Reactor?, HttpMessageInvoker> newClient) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _elsewhere = newClient(null);
    private readonly ConcurrentDictionary<Reactor, HttpMessageInvoker> _byReactor = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Current().SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _elsewhere.Dispose();
            foreach (var client in _byReactor.Values)
                client.Dispose();
        }
        base.Dispose(disposing);
    }

    private HttpMessageInvoker Current() => Reactor.Current is { } reactor ? _byReactor.GetOrAdd(reactor, newClient) : _elsewhere;
}
