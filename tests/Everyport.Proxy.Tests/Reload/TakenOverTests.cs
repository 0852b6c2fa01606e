using System.Collections.Frozen;
using System.Net;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Tests.Flows;
using Everyport.Proxy.Tests.Http.Errors;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Tests.Reload;

/// <summary>What has a state of its own keeps it through a reload, as far as it has not changed.</summary>
public class TakenOverTests
{
    private static readonly Address Client = Address.From(IPAddress.Parse("192.0.2.1"));

    [Fact]
    public void Connections_go_on_counting_under_another_maximum()
    {
        var before = new ConnectionLimit(2);
        Assert.True(before.TryEnter() && before.TryEnter());
        var after = before.WithMaximum(1);
        Assert.False(after.TryEnter());
        before.Leave();
        Assert.False(after.TryEnter());
        after.Leave();
        Assert.True(after.TryEnter());
        Assert.Equal((1, 1), (before.Count, after.Count));
    }

    [Fact]
    public void Sources_go_on_counting_as_long_as_the_same_bits_tell_them_apart()
    {
        var before = new SourceLimits(new SourceLimitSettings(2, 0, 0), new Clock());
        Assert.True(before.TryEnter(Client, out _) && before.TryEnter(Client, out _));
        var more = before.With(new SourceLimitSettings(3, 0, 0));
        Assert.True(more.TryEnter(Client, out _));
        Assert.False(more.TryEnter(Client, out _));
        before.Leave(Client);
        Assert.True(more.TryEnter(Client, out _));

        var others = more.With(new SourceLimitSettings(1, 0, 0, PrefixLengthIPv4: 24));
        Assert.True(others.TryEnter(Client, out _));
        Assert.False(others.TryEnter(Client, out _));
        more.Leave(Client); // what has entered there leaves there
    }

    [Fact]
    public async Task A_rate_limit_that_has_not_changed_remembers_what_it_has_counted()
    {
        var (same, other) = (new RateLimit { Permits = 1, Window = TimeSpan.FromHours(1) }, new RateLimit { Permits = 2, Window = TimeSpan.FromHours(1) });
        using var before = new RateLimiters(Policies(("a", same), ("b", same)), before: null);
        Assert.True(await TryAsync(before["a"]!) && await TryAsync(before["b"]!));
        using var after = new RateLimiters(Policies(("a", same with { }), ("b", other), ("c", same)), before);
        foreach (var gone in before.NotIn(after))
            gone.Dispose();
        Assert.False(await TryAsync(after["a"]!));
        Assert.True(await TryAsync(after["b"]!) && await TryAsync(after["b"]!));
        Assert.True(await TryAsync(after["c"]!));
        Assert.Null(after["d"]);
    }

    [Fact]
    public void Budgets_and_breakers_stay_where_their_rules_do()
    {
        var before = Plans(Http(new RetryRules { Statuses = [503] }, new CircuitRules()), null);
        var plan = before.Of(Route);
        Assert.Same(plan, Plans(Http(new RetryRules { Statuses = [503] }, new CircuitRules()), before).Of(Route));

        var otherRules = Plans(Http(new RetryRules { Statuses = [502] }, new CircuitRules()), before).Of(Route);
        Assert.NotSame(plan, otherRules);
        Assert.Same(plan.Circuits, otherRules.Circuits);

        var otherCircuits = Plans(Http(new RetryRules { Statuses = [503] }, new CircuitRules { Failures = 3 }), before).Of(Route);
        Assert.NotSame(plan.Circuits, otherCircuits.Circuits);
    }

    private static RouteConfig Route { get; } = new() { RouteId = "r", ClusterId = "c", Match = new() };

    private static HttpConfiguration Http(RetryRules retries, CircuitRules circuits) => HttpConfiguration.None with
    {
        Retries = new Dictionary<string, RetryRules> { ["r"] = retries }.ToFrozenDictionary(),
        Circuits = new Dictionary<string, CircuitRules> { ["c"] = circuits }.ToFrozenDictionary(),
    };

    private static RoutePlans Plans(HttpConfiguration http, RoutePlans? before) => new(http, TimeProvider.System, NullLoggerFactory.Instance, before);

    private static HttpPolicies Policies(params (string Name, RateLimit Limit)[] limits) =>
        HttpPolicies.None with { RateLimits = limits.ToFrozenDictionary(limit => limit.Name, limit => limit.Limit) };

    private static async Task<bool> TryAsync(RequestLimiter limiter)
    {
        var context = ErrorContexts.New();
        context.Connection.RemoteIpAddress = Client.ToIPAddress();
        return (await limiter.AcquireAsync(context)).IsAcquired;
    }
}
