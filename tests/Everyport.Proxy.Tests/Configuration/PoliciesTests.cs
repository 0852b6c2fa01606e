using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Policies;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>What the section <c>Policies</c> says, and how routes name what is in it.</summary>
public class PoliciesTests
{
    private const string Cluster = """ "Clusters": { "web": { "Destinations": { "a": { "Address": "http://10.0.0.5/" } } } } """;

    [Fact]
    public void Everything_that_a_policy_can_say_is_read()
    {
        var policies = Read(
            """
            {
              "Limits": { "SourcePrefixIPv6": 56 },
              "Policies": {
                "RateLimits": {
                  "api": { "Algorithm": "SlidingWindow", "Permits": 100, "Window": "00:01:00", "Queue": 5, "Per": "Host" },
                  "short": { "Permits": 3 }
                },
                "Cors": { "site": { "Origins": ["https://a.example/", "https://*.b.example:8443"], "Methods": "PUT", "Headers": ["X-A"], "ExposedHeaders": ["X-B"], "Credentials": true, "MaxAge": "00:10:00" } },
                "Timeouts": { "slow": { "Timeout": "00:05:00" } },
                "Retries": { "reads": { "Attempts": 3, "On": ["connectfailed", "503"], "Budget": "10%" } }
              }
            }
            """).Http.Policies;
        Assert.Equal(
            new RateLimit { Algorithm = RateLimitAlgorithm.SlidingWindow, Permits = 100, Window = TimeSpan.FromMinutes(1), Queue = 5, Per = RateLimitPer.Host },
            policies.RateLimits["API"]);
        Assert.Equal(new RateLimit { Permits = 3 }, policies.RateLimits["short"]);
        Assert.Equal(56, policies.SourcePrefixIPv6);
        var cors = policies.Cors["site"];
        Assert.Equal(["https://a.example", "https://*.b.example:8443"], cors.Origins);
        Assert.Equal(("PUT", "X-A", "X-B"), (cors.Methods[0], cors.Headers[0], cors.ExposedHeaders[0]));
        Assert.Equal((true, TimeSpan.FromMinutes(10)), (cors.Credentials, cors.MaxAge));
        Assert.Equal(TimeSpan.FromMinutes(5), policies.Timeouts["slow"]);
        var retries = policies.Retries["reads"];
        Assert.Equal((3, 0.1), (retries.Attempts, retries.Budget));
        Assert.Equal([HttpErrorReason.ConnectFailed], retries.Reasons);
        Assert.Equal([503], retries.Statuses);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once() => AssertErrors(
        """
        {
          "Policies": {
            "RateLimit": { },
            "RateLimits": {
              "api": { "Algorithm": "Bucket", "Per": "Client", "Window": "1", "Queue": -1 },
              "open": { "Algorithm": "Concurrency", "Permits": 5, "Window": "00:00:01", "Burst": 1 },
              "disable": { "Permits": 1 }
            },
            "Cors": {
              "none": { "Methods": "GET,PUT" },
              "all": { "Origins": "*", "Credentials": true },
              "path": { "Origins": ["https://a.example/path", "a.example"] }
            },
            "Timeouts": { "slow": { } },
            "Retries": { "reads": { "Attempts": 0, "On": ["404", "Sometimes"], "Budget": "200%" } }
          }
        }
        """,
        "Policies:RateLimit: is an unknown key; did you mean 'RateLimits'?",
        "Policies:RateLimits:api:Algorithm: 'Bucket' is not one of 'FixedWindow', 'SlidingWindow', 'TokenBucket', 'Concurrency'",
        "Policies:RateLimits:api:Per: 'Client' is not one of 'Source', 'Route', 'Host'",
        "Policies:RateLimits:api:Permits: is missing; expected how many requests are allowed in each Window, or with the algorithm 'Concurrency' at one time",
        "Policies:RateLimits:api:Queue: '-1' is not a number from 0 to 100000",
        "Policies:RateLimits:api:Window: '1' is not a time span above zero and up to one day, such as '00:00:03'",
        "Policies:RateLimits:disable: is a name with a meaning of its own; choose another one",
        "Policies:RateLimits:open:Burst: is an unknown key; expected 'Algorithm', 'Per', 'Permits', 'Queue', 'Window'",
        "Policies:RateLimits:open:Window: has no meaning for the algorithm 'Concurrency', which counts requests at one time; remove it",
        "Policies:Cors:none:Methods: 'GET,PUT' is not the name of a method or header, nor '*' for all",
        "Policies:Cors:none:Origins: is missing; expected origins such as 'https://www.example.com', or '*' for all",
        "Policies:Cors:all:Credentials: cannot be 'true' where Origins is '*'; name the origins that may act for their users",
        "Policies:Cors:path:Origins:0: 'https://a.example/path' is not an origin such as 'https://www.example.com' or 'https://*.example.com:8443', nor '*' for all",
        "Policies:Cors:path:Origins:1: 'a.example' is not an origin such as 'https://www.example.com' or 'https://*.example.com:8443', nor '*' for all",
        "Policies:Timeouts:slow:Timeout: is missing; expected how long a request may take, such as '00:00:30'",
        "Policies:Retries:reads:Attempts: '0' is not a number from 1 to 10",
        "Policies:Retries:reads:On:0: '404' is not one of 'ConnectFailed', 'UpstreamFailed', 'UpstreamTimeout', nor a status such as '503'",
        "Policies:Retries:reads:On:1: 'Sometimes' is not one of 'ConnectFailed', 'UpstreamFailed', 'UpstreamTimeout', nor a status such as '503'",
        "Policies:Retries:reads:Budget: '200%' is not a share above zero, such as '20%' or '0.2'");

    [Fact]
    public void Routes_name_policies_in_upper_or_lower_case()
    {
        var http = Read(
            $$"""
            {
              "Policies": { "RateLimits": { "Api": { "Permits": 1 } }, "Cors": { "Site": { "Origins": "*" } }, "Timeouts": { "Slow": { "Timeout": "00:05:00" } }, "Retries": { "None": { "Attempts": 1 } } },
              "ReverseProxy": { "Routes": {
                "web": { "ClusterId": "web", "RateLimiterPolicy": "api", "CorsPolicy": "site", "TimeoutPolicy": "slow", "RetryPolicy": "none", "Match": { "Path": "/a" } },
                "off": { "ClusterId": "web", "RateLimiterPolicy": "disable", "RetryPolicy": "disable", "Match": { "Path": "/b" } },
                "plain": { "ClusterId": "web", "Match": { "Path": "/c" } } }, {{Cluster}} }
            }
            """).Http;
        var route = http.Routes.Single(route => route.RouteId == "web");
        Assert.Equal(("Api", "Site", "Slow"), (route.RateLimiterPolicy, route.CorsPolicy, route.TimeoutPolicy));
        Assert.Equal([1, 1, 2], ((string[])["web", "off", "plain"]).Select(name => http.Retries[name].Attempts));
    }

    [Fact]
    public void A_policy_that_is_not_there_is_told_with_the_nearest_one() => AssertErrors(
        $$"""
        {
          "Policies": { "RateLimits": { "api": { "Permits": 1 } }, "Timeouts": { "slow": { "Timeout": "00:05:00" } }, "Retries": { "reads": { } } },
          "ReverseProxy": { "Routes": { "web": {
            "ClusterId": "web", "RateLimiterPolicy": "apis", "CorsPolicy": "site", "TimeoutPolicy": "slwo", "Timeout": "00:00:05", "RetryPolicy": "read", "Match": { "Path": "/" } } }, {{Cluster}} }
        }
        """,
        "ReverseProxy:Routes:web:RateLimiterPolicy: 'apis' is not a policy of Policies:RateLimits; did you mean 'api'?",
        "ReverseProxy:Routes:web:CorsPolicy: 'site' is not a policy of Policies:Cors; there is none, add it there",
        "ReverseProxy:Routes:web:TimeoutPolicy: 'slwo' is not a policy of Policies:Timeouts; did you mean 'slow'?",
        "ReverseProxy:Routes:web:TimeoutPolicy: is there beside 'Timeout'; remove one of them",
        "ReverseProxy:Routes:web:RetryPolicy: 'read' is not a policy of Policies:Retries; did you mean 'reads'?");
}
