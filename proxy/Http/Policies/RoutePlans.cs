using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Policies;

/// <summary>Makes the plan of each route, and the breakers of each cluster, which its routes share.</summary>
internal sealed class RoutePlans
{
    private readonly HttpConfiguration _configuration;
    private readonly Dictionary<string, ClusterCircuits> _circuits;
    private readonly TimeProvider _time;

    public RoutePlans(HttpConfiguration configuration, TimeProvider time, ILoggerFactory loggers)
    {
        (_configuration, _time) = (configuration, time);
        _circuits = configuration.Circuits.ToDictionary(
            cluster => cluster.Key, cluster => new ClusterCircuits(cluster.Key, cluster.Value, time, loggers.CreateLogger<ClusterCircuits>()), StringComparer.OrdinalIgnoreCase);
    }

    public RoutePlan Of(RouteConfig route) =>
        new(route.RouteId, _configuration.Retries.GetValueOrDefault(route.RouteId, RetryRules.Default), CircuitsOf(route.ClusterId ?? ""), _time);

    /// <summary>The state of a destination's breaker, where it has one.</summary>
    public CircuitState? StateOf(string cluster, DestinationState destination) => CircuitsOf(cluster)?.StateOf(destination);

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
