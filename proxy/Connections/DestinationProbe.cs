using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Streams;
using Everyport.Proxy.Tls.Upstream;

namespace Everyport.Proxy.Connections;

/// <summary>
/// The active health check of a stream's destination: whether it accepts a connection, and where streams reach it by TLS, whether
/// that can be trusted.
/// </summary>
internal sealed class DestinationProbe(ReactorGroup<DestinationDialler> reactors, UpstreamTlsClusters tls)
{
    /// <summary>Dials, for as long as the check may take, and hangs up. The token ends the wait before that.</summary>
    public async Task<bool> ProbeAsync(string cluster, StreamDestination destination, TimeSpan timeout, CancellationToken cancelled)
    {
        var member = reactors.Next();
        var accepted = await member.RunAsync(async dialler =>
        {
            using var connection = (await dialler.DialAsync(destination.Host, destination.Port!.Value, timeout, source: null)).Connection;
            if (connection is null || !destination.IsTls)
                return connection is not null;
            using var encrypted = await DestinationTls.EncryptAsync(
                member.Reactor, connection.Socket, tls[cluster], new UpstreamHandshake(destination.Host, destination.Port.Value, null), timeout);
            return encrypted is not null;
        }).WaitAsync(cancelled);
        return accepted;
    }
}
