using Everyport.Proxy.Routing;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Connections;

/// <summary>What dialling from the addresses of clients needs; there where a stream asks for it.</summary>
internal sealed class ClientSources(ReturnRoutes routes, ILogger<ClientSources> logger)
{
    public ClientSource For(Address client, StreamDestination destination) =>
        new(client, destination.Port is { } port ? new PortRange(port, port) : PortRange.All, routes, logger);
}
