using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Flows;

/// <summary>
/// The addresses of UDP destinations that are given by name, looked up in the background: the thread that moves
/// datagrams cannot wait for the DNS.
/// </summary>
internal sealed partial class DestinationNames : IDisposable
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Address> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger;

    private DestinationNames(ILogger logger) => _logger = logger;

    /// <summary>Looks up all names once before it returns, and again every 30 seconds.</summary>
    public static async Task<DestinationNames> StartAsync(IEnumerable<StreamRoute> routes, ILogger<DestinationNames> logger)
    {
        var names = new DestinationNames(logger);
        string[] hosts = [.. routes
            .Where(route => route.Protocol == Protocols.Udp)
            .SelectMany(route => route.Destinations)
            .Where(destination => destination.Host != StreamDestination.AddressPlaceholder && !Address.TryParse(destination.Host, out _))
            .Select(destination => destination.Host)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        if (hosts.Length > 0)
        {
            await names.ResolveAsync(hosts);
            _ = names.RefreshAsync(hosts);
        }
        return names;
    }

    /// <summary>The endpoint of a destination given by name, or null while it is not known.</summary>
    public Endpoint? Find(StreamDestination destination, Endpoint original) =>
        _addresses.TryGetValue(destination.Host, out var address) ? new Endpoint(address, destination.PortFor(original)) : null;

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task RefreshAsync(string[] hosts)
    {
        var stopping = _stopping.Token;
        using var timer = new PeriodicTimer(RefreshInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                await ResolveAsync(hosts);
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    private async Task ResolveAsync(string[] hosts)
    {
        foreach (var host in hosts)
        {
            try
            {
                if (await Dns.GetHostAddressesAsync(host, _stopping.Token) is [var first, ..])
                    _addresses[host] = Address.From(first);
            }
            catch (SocketException e)
            {
                // The address known so far stays in use.
                CannotResolve(host, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot resolve {Host}: {Reason}")]
    private partial void CannotResolve(string host, string reason);
}
