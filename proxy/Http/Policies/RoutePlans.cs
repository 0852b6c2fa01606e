using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Policies;

/// <summary>
/// Makes the plan of each route, and the breakers of each cluster, which its routes share. What has not changed since the configuration
/// before is taken over with its state.
/// </summary>
internal sealed class RoutePlans
{
    private readonly HttpConfiguration _configuration;
    private readonly Dictionary<string, ClusterCircuits> _circuits;
    private readonly ConcurrentDictionary<string, RoutePlan> _plans = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;
    private RoutePlans? _before;

    public RoutePlans(HttpConfiguration configuration, TimeProvider time, ILoggerFactory loggers, RoutePlans? before)
    {
        (_configuration, _time, _before) = (configuration, time, before);
        _circuits = configuration.Circuits.ToDictionary(
            cluster => cluster.Key,
            cluster => before?.CircuitsOf(cluster.Key) is { } same && same.Rules == cluster.Value ? same
                : new ClusterCircuits(cluster.Key, cluster.Value, time, loggers.CreateLogger<ClusterCircuits>()),
            StringComparer.OrdinalIgnoreCase);
    }

    public RoutePlan Of(RouteConfig route)
    {
        var (rules, circuits) = (_configuration.Retries.GetValueOrDefault(route.RouteId, RetryRules.Default), CircuitsOf(route.ClusterId ?? ""));
        return _plans.GetOrAdd(route.RouteId, id =>
            _before?._plans.GetValueOrDefault(id) is { } same && same.IsFor(rules, circuits) ? same : new RoutePlan(id, rules, circuits, _time));
    }

    /// <summary>The state of a destination's breaker, where it has one.</summary>
    public CircuitState? StateOf(string cluster, DestinationState destination) => CircuitsOf(cluster)?.StateOf(destination);

    /// <summary>Every route has its plan: what was before has been asked for the last time.</summary>
    public void ForgetFormer() => _before = null;

    /// <summary>YARP's pipeline with attempts in it.</summary>
    public static void Configure(IReverseProxyApplicationBuilder pipeline)
    {
        pipeline.UseSessionAffinity();
        pipeline.UseMiddleware<AttemptsMiddleware>();
        pipeline.UseLoadBalancing();
        pipeline.UsePassiveHealthChecks();
    }

    private ClusterCircuits? CircuitsOf(string cluster) => _circuits.GetValueOrDefault(cluster);
}
