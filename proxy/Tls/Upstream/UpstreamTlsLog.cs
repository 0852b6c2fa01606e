using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Tls.Upstream;

/// <summary>Counts and tells what goes wrong with TLS towards the destinations of one cluster.</summary>
internal sealed partial class UpstreamTlsLog(string cluster, TimeProvider time, ILogger<UpstreamTlsLog> logger)
{
    private static readonly Counter<long> Failures = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_upstream_tls_failures", unit: null, "TLS handshakes with destinations that have failed, by cluster and reason.");

    private static readonly Counter<long> Reloads = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_upstream_tls_reloads", unit: null, "Changes of files that Tls of a cluster names, by cluster and result: loaded or rejected.");

    private readonly OncePerSecond _due = new(time);

    public void Failed(string destination, UpstreamTlsFailure failure, string message)
    {
        Failures.Add(1, new("cluster", cluster), new KeyValuePair<string, object?>("reason", failure.ToString()));
        if (_due.IsDue())
            HandshakeFailed(cluster, destination, failure, message);
    }

    public void Reloaded()
    {
        CountReload("loaded");
        FilesReloaded(cluster);
    }

    public void Rejected(IEnumerable<CredentialError> errors)
    {
        CountReload("rejected");
        FilesRejected(cluster, string.Join("; ", errors.Select(error => $"Tls:{error}")));
    }

    private void CountReload(string result) => Reloads.Add(1, new("cluster", cluster), new KeyValuePair<string, object?>("result", result));

    [LoggerMessage(Level = LogLevel.Warning, Message = "TLS to {Destination} of the cluster '{Cluster}' failed ({Reason}): {Problem}")]
    private partial void HandshakeFailed(string cluster, string destination, UpstreamTlsFailure reason, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The files that Tls of the cluster '{Cluster}' names have changed; new connections use them")]
    private partial void FilesReloaded(string cluster);

    [LoggerMessage(Level = LogLevel.Error, Message = "The files that Tls of the cluster '{Cluster}' names have changed, but cannot be used, so that what was loaded before stays in use: {Problems}")]
    private partial void FilesRejected(string cluster, string problems);
}
