using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Connections;

/// <summary>The active health check of a stream's destination: whether it accepts a connection.</summary>
internal sealed class DestinationProbe(ReactorGroup<DestinationDialler> reactors)
{
    /// <summary>Dials, for as long as the check may take, and hangs up. The token ends the wait before that.</summary>
    public async Task<bool> ProbeAsync(StreamDestination destination, TimeSpan timeout, CancellationToken cancelled)
    {
        var accepted = await reactors.Next().RunAsync(async dialler =>
        {
            using var connection = (await dialler.DialAsync(destination.Host, destination.Port!.Value, timeout, source: null)).Connection;
            return connection is not null;
        }).WaitAsync(cancelled);
        return accepted;
    }
}
