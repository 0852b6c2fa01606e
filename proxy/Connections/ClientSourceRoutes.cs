using Everyport.Proxy.Routing;
using Everyport.Steering.Routes;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Connections;

/// <summary>
/// Return routing for streams that dial from the addresses of clients, from the first configuration on that asks for it: it needs
/// CAP_NET_ADMIN.
/// </summary>
internal sealed class ClientSourceRoutes(ILogger<ClientSources> logger) : IDisposable
{
    private ReturnRoutes? _routes;
    private volatile ClientSources? _current;

    /// <summary>Null as long as no stream has asked for it.</summary>
    public ClientSources? Current => _current;

    /// <summary>Opens it where one of these streams asks for it; one caller at a time.</summary>
    /// <exception cref="Steering.SteeringException">It cannot be opened.</exception>
    public void OpenFor(IEnumerable<StreamRoute> streams)
    {
        if (_routes is not null || streams.All(stream => stream.Settings.SourceAddress != UpstreamSource.Client))
            return;
        _routes = ReturnRoutes.Open();
        _current = new ClientSources(_routes, logger);
    }

    public void Dispose() => _routes?.Dispose();
}
