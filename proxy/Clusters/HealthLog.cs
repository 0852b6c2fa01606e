using Everyport.Proxy.Routing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Clusters;

/// <summary>Tells of every change of a destination's health.</summary>
internal sealed partial class HealthLog(ILogger<HealthLog> logger)
{
    public void Changed(string cluster, StreamDestination destination, DestinationHealth health, string reason) =>
        Changed(health == DestinationHealth.Unhealthy ? LogLevel.Warning : LogLevel.Information, destination.Name, destination, cluster, health, reason);

    [LoggerMessage(Message = "Destination '{Name}' ({Destination}) of the cluster '{Cluster}' is now {Health}: {Reason}")]
    private partial void Changed(LogLevel level, string name, StreamDestination destination, string cluster, DestinationHealth health, string reason);
}
