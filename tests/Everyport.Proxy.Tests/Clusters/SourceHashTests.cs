using CsCheck;
using Everyport.Proxy.Clusters;
using Everyport.Steering.Rules;
using static Everyport.Proxy.Tests.Clusters.Some;

namespace Everyport.Proxy.Tests.Clusters;

/// <summary>Clients that keep their destination.</summary>
public class SourceHashTests
{
    private static readonly Gen<Address> Addresses = Gen.Select(Gen.Bool, Gen.ULong, Gen.ULong)
        .Select((isIPv6, high, low) => isIPv6 ? new Address(true, new UInt128(high, low)) : Address.FromIPv4((uint)low));

    [Fact]
    public void A_client_keeps_its_destination_while_others_come_and_go() => Gen.Select(Addresses.Array[1, 50], Gen.Int[2, 8], Gen.Int[0, 7]).Sample((clients, count, gone) =>
    {
        gone %= count;
        var config = Config([.. Enumerable.Range(0, count).Select(i => $"d{i}")]) with { LoadBalancing = LoadBalancing.SourceHash };
        using var cluster = Cluster(config);
        var before = clients.Select(client => cluster.PickName(client)).ToArray();

        cluster.Apply(config with { Destinations = config.Destinations.RemoveAt(gone) });
        Assert.All(clients.Zip(before).Where(pair => pair.Second != $"d{gone}"), pair => Assert.Equal(pair.Second, cluster.PickName(pair.First)));

        cluster.Apply(config);
        Assert.Equal(before, clients.Select(client => cluster.PickName(client)));
    });

    [Fact]
    public void A_client_goes_to_the_same_place_after_a_retry_as_without_the_destination_that_failed() => Addresses.Sample(client =>
    {
        using var cluster = Cluster(LoadBalancing.SourceHash, "a", "b", "c", "d");
        using var without = Cluster(LoadBalancing.SourceHash, [.. new[] { "a", "b", "c", "d" }.Where(name => name != cluster.PickName(client))]);
        Assert.Equal(without.PickName(client), cluster.PickName(client, cluster.Pick(client, [])!));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Neighbouring_clients_are_spread_evenly(bool ipv6)
    {
        using var cluster = Cluster(LoadBalancing.SourceHash, "a", "b", "c", "d");
        var shares = Enumerable.Range(0, 10_000)
            .Select(i => ipv6 ? new Address(true, new UInt128(0x20010DB800000000, (ulong)i)) : Address.FromIPv4(0x0A000000 + (uint)i))
            .GroupBy(client => cluster.PickName(client))
            .Select(group => group.Count())
            .ToArray();
        Assert.Equal(4, shares.Length);
        Assert.All(shares, share => Assert.InRange(share, 2300, 2700));
    }

    [Fact]
    public void Every_proxy_decides_alike_whatever_the_order_in_its_configuration() => Addresses.Sample(client =>
    {
        using var one = Cluster(LoadBalancing.SourceHash, "a", "b", "c");
        using var other = Cluster(LoadBalancing.SourceHash, "C", "a", "B");
        Assert.Equal(one.PickName(client), other.PickName(client), ignoreCase: true);
    });
}
