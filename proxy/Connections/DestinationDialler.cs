using Everyport.Proxy.Kernel;
using Everyport.Proxy.Names;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Connections;

/// <summary>Dials destinations as the configuration gives them: by address, by name, or by the original destination.</summary>
internal sealed class DestinationDialler(UpstreamDialler dialler, NameTable names, Func<ClientSources?> clientSources)
{
    /// <summary>Dials a destination of a stream; <c>ConnectTimeout</c> is for the look-up of its name as well.</summary>
    public ValueTask<DialResult> DialAsync(StreamDestination destination, Steered steered, StreamSettings settings)
    {
        var source = settings.SourceAddress == UpstreamSource.Client ? clientSources()?.For(steered.Client.Address, destination) : null;
        return destination.LiteralFor(steered.Original) is { } endpoint
            ? dialler.DialAsync(endpoint, settings.ConnectTimeout, source)
            : DialNameAsync(destination.Host, destination.PortFor(steered.Original), settings.ConnectTimeout, source);
    }

    /// <summary>Dials a name or a literal address.</summary>
    public ValueTask<DialResult> DialAsync(string host, ushort port, TimeSpan timeout, ClientSource? source) =>
        Address.TryParse(host, out var address)
            ? dialler.DialAsync(new Endpoint(address, port), timeout, source)
            : DialNameAsync(host, port, timeout, source);

    private ValueTask<DialResult> DialNameAsync(string host, ushort port, TimeSpan timeout, ClientSource? source) =>
        names.TryGet(host, out var addresses)
            ? dialler.DialAsync(addresses, port, timeout, source)
            : ResolveAndDialAsync(host, port, timeout, source);

    private async ValueTask<DialResult> ResolveAndDialAsync(string host, ushort port, TimeSpan timeout, ClientSource? source)
    {
        var started = Environment.TickCount64;
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            var addresses = await names.ResolveAsync(host, deadline.Token);
            var left = timeout - TimeSpan.FromMilliseconds(Environment.TickCount64 - started);
            return await dialler.DialAsync(addresses, port, left, source);
        }
        catch (OperationCanceledException)
        {
            return DialResult.Failed(Syscalls.ETIMEDOUT);
        }
    }
}
