using Everyport.Proxy.Http.Policies;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>What <c>CircuitBreaker</c> of a cluster says.</summary>
public class CircuitReaderTests
{
    [Fact]
    public void A_cluster_has_one_where_it_says_so()
    {
        var circuits = Read(
            $$"""
            { "ReverseProxy": { "Clusters": {
              "plain": { {{Destinations}} },
              "share": { "CircuitBreaker": { "FailureRatio": "25%", "MinimumRequests": 4, "Window": "00:00:30", "Break": "00:01:00" }, {{Destinations}} },
              "number": { "CircuitBreaker": { "Failures": 5 }, {{Destinations}} } } } }
            """).Http.Circuits;
        Assert.Equal(["number", "share"], circuits.Keys.Order());
        Assert.Equal(
            new CircuitRules { FailureRatio = 0.25, MinimumRequests = 4, Window = TimeSpan.FromSeconds(30), Break = TimeSpan.FromMinutes(1) },
            circuits["SHARE"]);
        Assert.Equal(
            new CircuitRules { Failures = 5, FailureRatio = 0.5, MinimumRequests = 10, Window = TimeSpan.FromSeconds(10), Break = TimeSpan.FromSeconds(10) },
            circuits["number"]);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once() => AssertErrors(
        $$"""
        { "ReverseProxy": { "Clusters": {
          "a": { "CircuitBreaker": { "FailureRatio": 2, "MinimumRequests": 0, "Window": "10", "Break": "00:00:00", "Windows": 1 }, {{Destinations}} },
          "b": { "CircuitBreaker": { "Failures": 0, "FailureRatio": 0.5, "MinimumRequests": 3 }, {{Destinations}} },
          "c": { "CircuitBreaker": "on", {{Destinations}} },
          "d": { "CircuitBreaker": { "Failures": 3 }, "Destinations": { "a": { "Address": "tcp://10.0.0.6:5432" } } } } } }
        """,
        "ReverseProxy:Clusters:a:CircuitBreaker:FailureRatio: '2' is not a share above zero, such as '20%' or '0.2'",
        "ReverseProxy:Clusters:a:CircuitBreaker:MinimumRequests: '0' is not a number from 1 to 1000000",
        "ReverseProxy:Clusters:a:CircuitBreaker:Window: '10' is not a time span above zero and up to one day, such as '00:00:03'",
        "ReverseProxy:Clusters:a:CircuitBreaker:Break: '00:00:00' is not a time span above zero and up to one day, such as '00:00:03'",
        "ReverseProxy:Clusters:a:CircuitBreaker:Windows: is an unknown key; did you mean 'Window'?",
        "ReverseProxy:Clusters:b:CircuitBreaker:Failures: '0' is not a number from 1 to 1000000",
        "ReverseProxy:Clusters:b:CircuitBreaker:FailureRatio: is there beside 'Failures', which alone decides then; remove one of them",
        "ReverseProxy:Clusters:b:CircuitBreaker:MinimumRequests: is there beside 'Failures', which alone decides then; remove one of them",
        "ReverseProxy:Clusters:c:CircuitBreaker: 'on' is a single value; expected a section",
        "ReverseProxy:Clusters:d:CircuitBreaker: belongs to HTTP; destinations of streams have HealthCheck:Passive. Remove it");

    private const string Destinations = """ "Destinations": { "a": { "Address": "http://10.0.0.5/" } } """;
}
