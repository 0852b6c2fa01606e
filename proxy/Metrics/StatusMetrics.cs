using System.Diagnostics.Metrics;
using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Hosting;

namespace Everyport.Proxy.Metrics;

/// <summary>The state of the running proxy as metrics: what is there now, and so nothing of what a reload has removed.</summary>
internal static class StatusMetrics
{
    private const string Unhealthy = nameof(Clusters.DestinationHealth.Unhealthy), Closed = nameof(Http.Policies.CircuitState.Closed);

    public static void Add(Meter meter, Func<Status?> read)
    {
        meter.CreateObservableGauge(
            "everyport_build_info", static () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", StateReader.Version)), unit: null, "The version of Everyport.");
        Gauge("everyport_ready", "Whether it takes what is steered to it: 1, or 0 while it starts and ends.", status => [new(status.Ready ? 1 : 0)]);

        Gauge("everyport_connections_open", "TCP connections that are open.", status => [new(status.Connections.Open)]);
        Gauge("everyport_connections_limit", "TCP connections that may be open.", status => [new(status.Connections.Limit)]);
        Counter("everyport_connections_accepted", "TCP connections that were accepted, those among them that were refused then.", status => [new(status.Connections.Accepted)]);
        Gauge("everyport_streams_active", "Streams that are open or about to be, by route.", status => Open(status.Connections.Streams));
        Gauge("everyport_flows_active", "UDP flows that are open, by route.", status => Open(status.Flows.Streams));
        Gauge("everyport_flows_limit", "UDP flows that may be open.", status => [new(status.Flows.Limit)]);

        Gauge("everyport_destination_up", "Whether a destination is taken for healthy: 0 after checks have failed, by cluster and destination.", status => Destinations(status, destination => destination.Health == Unhealthy ? 0 : 1));
        Gauge("everyport_destination_open", "Connections, flows or requests that a destination has, by cluster and destination.", status => Destinations(status, destination => destination.Open));
        Gauge(
            "everyport_http_circuits_open", "Whether a circuit breaker keeps requests away, by cluster and destination.",
            status => Destinations(status, destination => destination.Circuit is null ? null : destination.Circuit == Closed ? 0 : 1));

        Counter("everyport_steering_lookups", "Lookups that rules gave to a service, by service, protocol and result: steered to a socket, refused without one, or an error.", Lookups);
        Counter("everyport_steering_unserved", "Lookups that no service got, by result: passed to the normal lookup, dropped by a rule, or denied by the client's address.", Unserved);
        Counter("everyport_rule_hits", "Lookups that a rule has decided, by its name and owner.", Hits);
        Gauge("everyport_steering_sockets", "Sockets of a service, by service and protocol.", status => status.Steering?.Services.Select(service => New(service.Sockets, service)) ?? []);
        Gauge("everyport_steering_rules", "Rules in force, with those of the guard rails.", status => Steering(status, steering => steering.RuleCount));
        Counter("everyport_steering_publications", "Times that rules were put in force.", status => Steering(status, steering => steering.Publications));

        void Gauge(string name, string help, Func<Status, IEnumerable<Measurement<long>>> values) =>
            meter.CreateObservableGauge(name, () => read() is { } status ? values(status) : [], unit: null, help);

        void Counter(string name, string help, Func<Status, IEnumerable<Measurement<long>>> values) =>
            meter.CreateObservableCounter(name, () => read() is { } status ? values(status) : [], unit: null, help);
    }

    private static IEnumerable<Measurement<long>> Open(IEnumerable<RouteStatus> routes) =>
        routes.Select(route => new Measurement<long>(route.Open, new KeyValuePair<string, object?>("route", route.Name)));

    private static IEnumerable<Measurement<long>> Destinations(Status status, Func<DestinationStatus, long?> value) =>
        from cluster in status.Clusters
        from destination in cluster.Destinations
        let number = value(destination)
        where number is not null
        select new Measurement<long>(number.Value, new("cluster", cluster.Name), new("destination", destination.Name));

    private static IEnumerable<Measurement<long>> Lookups(Status status)
    {
        foreach (var service in status.Steering?.Services ?? [])
        {
            yield return New(service.Steered, service, "steered");
            yield return New(service.Refused, service, "refused");
            yield return New(service.Errors, service, "error");
        }
    }

    /// <summary>Rules of guard rails come and go with the listeners of others, and have no place among names.</summary>
    private static IEnumerable<Measurement<long>> Hits(Status status) =>
        from rule in status.Steering?.Rules ?? []
        where rule is { Owner: not null, Hits: not null }
        group rule by (rule.Name, rule.Owner) into named
        select new Measurement<long>((long)named.First().Hits!.Value, new("rule", named.Key.Name), new("owner", named.Key.Owner));

    private static IEnumerable<Measurement<long>> Unserved(Status status) => status.Steering is not { Lookups: var lookups } ? [] :
    [
        new((long)lookups.Passed, new KeyValuePair<string, object?>("result", "passed")),
        new((long)lookups.Dropped, new KeyValuePair<string, object?>("result", "dropped")),
        new((long)lookups.Denied, new KeyValuePair<string, object?>("result", "denied")),
    ];

    private static IEnumerable<Measurement<long>> Steering(Status status, Func<SteeringStatus, long> value) => status.Steering is { } steering ? [new(value(steering))] : [];

    private static Measurement<long> New(long value, ServiceStatus service) => new(value, new("service", service.Name), new("protocol", service.Protocol));

    private static Measurement<long> New(ulong value, ServiceStatus service, string result) =>
        new((long)value, new("service", service.Name), new("protocol", service.Protocol), new("result", result));
}
