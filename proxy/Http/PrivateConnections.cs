using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Http;

/// <summary>The connections to destinations that belong to one connection of a client. They end with it.</summary>
internal sealed class PrivateConnections(Steered client)
{
    /// <summary>Where a request has those of its client.</summary>
    public static readonly HttpRequestOptionsKey<PrivateConnections> Key = new("Everyport.PrivateConnections");

    private readonly Dictionary<string, HttpMessageInvoker> _byCluster = new(StringComparer.OrdinalIgnoreCase);
    private bool _isClosed;

    /// <summary>The transform that gives a request those of its client.</summary>
    public static ValueTask Attach(RequestTransformContext context)
    {
        context.ProxyRequest.Options.Set(Key, Of(context.HttpContext));
        return ValueTask.CompletedTask;
    }

    /// <summary>Those of the client of a request; made at the first request of its connection.</summary>
    public static PrivateConnections Of(HttpContext context)
    {
        var items = context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        lock (items)
        {
            if (items.TryGetValue(typeof(PrivateConnections), out var known))
                return (PrivateConnections)known!;
            var connection = context.Connection;
            var client = new Endpoint(Address.From(connection.RemoteIpAddress!), (ushort)connection.RemotePort);
            var made = new PrivateConnections(new Steered(client, OriginalDestination.Of(context)));
            items[typeof(PrivateConnections)] = made;
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().ConnectionClosed.UnsafeRegister(static made => ((PrivateConnections)made!).Close(), made);
            return made;
        }
    }

    /// <summary>The HTTP client for a cluster.</summary>
    public HttpMessageInvoker Get(string cluster, Func<Steered?, HttpMessageInvoker> newClient)
    {
        lock (_byCluster)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (!_byCluster.TryGetValue(cluster, out var invoker))
                _byCluster[cluster] = invoker = newClient(client);
            return invoker;
        }
    }

    private void Close()
    {
        lock (_byCluster)
        {
            _isClosed = true;
            foreach (var invoker in _byCluster.Values)
                invoker.Dispose();
        }
    }
}
