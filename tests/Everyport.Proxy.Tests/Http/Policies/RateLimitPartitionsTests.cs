using System.Net;
using System.Threading.RateLimiting;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Tests.Http.Errors;
using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Tests.Http.Policies;

/// <summary>Which requests share a limit, and how many there can be.</summary>
public class RateLimitPartitionsTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public void A_source_is_an_IPv4_address_or_an_IPv6_network(string one, string other, bool same)
    {
        var partitions = new RateLimitPartitions(new RateLimit(), HttpPolicies.None);
        Assert.Equal(same, partitions.PartitionOf(From(one)).PartitionKey == partitions.PartitionOf(From(other)).PartitionKey);
    }

    [Fact]
    public void How_much_of_an_address_tells_sources_apart_is_as_for_connections()
    {
        var partitions = new RateLimitPartitions(new RateLimit(), new HttpPolicies { SourcePrefixIPv4 = 24, SourcePrefixIPv6 = 56 });
        Assert.Equal(KeyOf("192.0.2.1"), KeyOf("192.0.2.255"));
        Assert.NotEqual(KeyOf("192.0.2.1"), KeyOf("192.0.3.1"));
        Assert.Equal(KeyOf("2001:db8::1"), KeyOf("2001:db8:0:ff::1"));
        Assert.NotEqual(KeyOf("2001:db8::1"), KeyOf("2001:db8:0:100::1"));

        RateLimitKey KeyOf(string client) => partitions.PartitionOf(From(client)).PartitionKey;
    }

    [Fact]
    public void Hosts_are_not_told_apart_by_case_or_port()
    {
        var partitions = new RateLimitPartitions(new RateLimit { Per = RateLimitPer.Host }, HttpPolicies.None);
        Assert.Equal(KeyOf("A.test:80"), KeyOf("a.test:81"));
        Assert.NotEqual(KeyOf("a.test"), KeyOf("b.test"));
        Assert.Equal(KeyOf(new string('a', 300)), KeyOf(new string('b', 300)));

        RateLimitKey KeyOf(string host)
        {
            var context = ErrorContexts.New();
            context.Request.Host = new HostString(host);
            return partitions.PartitionOf(context).PartitionKey;
        }
    }

    [Fact]
    public void Beyond_the_most_that_are_kept_sources_share_some()
    {
        var partitions = new RateLimitPartitions(new RateLimit(), HttpPolicies.None);
        var limiters = new List<RateLimiter>();
        for (var i = 0; i < RateLimitPartitions.MostPartitions; i++)
        {
            var partition = partitions.PartitionOf(From(new IPAddress(0x0A000000L + i).ToString()));
            limiters.Add(partition.Factory(partition.PartitionKey));
        }
        Assert.Equal(RateLimitPartitions.MostPartitions, partitions.Count);
        var keys = Enumerable.Range(0, 10_000).Select(i => partitions.PartitionOf(From(new IPAddress(0x0B000000L + i).ToString())).PartitionKey).Distinct().Count();
        Assert.InRange(keys, 2, RateLimitPartitions.SharedPartitions);

        limiters.ForEach(limiter => limiter.Dispose());
        Assert.Equal(0, partitions.Count);
    }

    [Theory]
    [InlineData("FixedWindow")]
    [InlineData("SlidingWindow")]
    [InlineData("TokenBucket")]
    [InlineData("Concurrency")]
    public void Each_algorithm_lets_as_many_in_as_there_are_permits(string algorithm)
    {
        var limit = new RateLimit { Algorithm = Enum.Parse<RateLimitAlgorithm>(algorithm), Permits = 15, Window = TimeSpan.FromHours(1) };
        var partition = new RateLimitPartitions(limit, HttpPolicies.None).PartitionOf(From("192.0.2.1"));
        using var limiter = partition.Factory(partition.PartitionKey);
        Assert.All(Enumerable.Range(0, 15), _ => Assert.True(limiter.AttemptAcquire().IsAcquired));
        Assert.False(limiter.AttemptAcquire().IsAcquired);
    }

    private static DefaultHttpContext From(string client)
    {
        var context = ErrorContexts.New();
        context.Connection.RemoteIpAddress = IPAddress.Parse(client);
        return context;
    }
}
