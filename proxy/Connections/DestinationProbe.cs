using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Connections;

/// <summary>The active health check of a stream's destination: whether it accepts a connection.</summary>
internal sealed class DestinationProbe(ReactorGroup<DestinationDialler> reactors)
{
    /// <summary>Dials and hangs up. The token ends the wait; its time-out is that of the check.</summary>
    public async Task<bool> ProbeAsync(StreamDestination destination, CancellationToken cancelled)
    {
        var accepted = await reactors.Next().RunAsync(async dialler =>
        {
            using var connection = (await dialler.DialAsync(destination.Host, destination.Port!.Value, Timeout.InfiniteTimeSpan, source: null)).Connection;
            return connection is not null;
        }).WaitAsync(cancelled);
        return accepted;
    }
}
