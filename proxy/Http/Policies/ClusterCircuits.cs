using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Everyport.Proxy.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Policies;

/// <summary>The circuit breakers of the destinations of a cluster.</summary>
internal sealed partial class ClusterCircuits(string cluster, CircuitRules rules, TimeProvider time, ILogger<ClusterCircuits> logger)
{
    private static readonly Counter<long> Opened = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_http_circuits_opened", unit: null, "Times that a circuit breaker has opened, by cluster and destination.");

    private readonly ConditionalWeakTable<DestinationState, CircuitBreaker> _breakers = [];
    private int _open;

    public CircuitRules Rules => rules;

    public CircuitState StateOf(DestinationState destination) => Of(destination).StateAt(time.GetTimestamp());

    public bool IsOpen(DestinationState destination) => !Of(destination).IsClosed;

    /// <summary>
    /// Leaves the request only destinations that it may go to. Where one may be tried whether it is well again, it goes
    /// there, on trial.
    /// </summary>
    public CircuitTrial? Enter(HttpContext context, IReverseProxyFeature proxy)
    {
        if (Volatile.Read(ref _open) == 0)
            return null;
        var now = time.GetTimestamp();
        var available = proxy.AvailableDestinations;
        foreach (var destination in available)
        {
            if (Of(destination).TryTrial(now))
            {
                proxy.AvailableDestinations = destination;
                return CircuitTrial.Start(this, destination, context);
            }
        }
        if (available.Any(IsOpen))
            proxy.AvailableDestinations = [.. (Affinity.MayMove(proxy) ? proxy.Route.Cluster!.DestinationsState.AvailableDestinations : available).Where(destination => !IsOpen(destination))];
        return null;
    }

    /// <summary>Counts how it went.</summary>
    public void Leave(HttpContext context, IReverseProxyFeature proxy, CircuitTrial? trial)
    {
        if (trial is not null)
            trial.End(CircuitTrial.HasSucceeded(context));
        else if (proxy.ProxiedDestination is { } destination && CircuitTrial.HasSucceeded(context) is { } succeeded
            && Of(destination).Report(succeeded, time.GetTimestamp()))
        {
            Interlocked.Increment(ref _open);
            Opened.Add(1, Tags(destination));
            TellOpen(destination.DestinationId, destination.Model.Config.Address, cluster, rules.Break);
        }
    }

    public void EndTrial(DestinationState destination, bool? succeeded)
    {
        if (!Of(destination).EndTrial(succeeded, time.GetTimestamp()))
            return;
        Interlocked.Decrement(ref _open);
        TellClosed(destination.DestinationId, destination.Model.Config.Address, cluster);
    }

    private CircuitBreaker Of(DestinationState destination) => _breakers.GetValue(destination, _ => new CircuitBreaker(rules, time.TimestampFrequency));

    private KeyValuePair<string, object?>[] Tags(DestinationState destination) => [new("cluster", cluster), new("destination", destination.DestinationId)];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The circuit breaker of '{Name}' ({Address}) in the cluster '{Cluster}' is now Open: too many requests have failed there. Nothing is sent there for {Break}, and then one request on trial")]
    private partial void TellOpen(string name, string address, string cluster, TimeSpan @break);

    [LoggerMessage(Level = LogLevel.Information, Message = "The circuit breaker of '{Name}' ({Address}) in the cluster '{Cluster}' is now Closed: a request on trial has succeeded")]
    private partial void TellClosed(string name, string address, string cluster);
}
