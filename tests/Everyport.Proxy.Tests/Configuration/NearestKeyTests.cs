using Everyport.Proxy.Configuration;

namespace Everyport.Proxy.Tests.Configuration;

public class NearestKeyTests
{
    [Theory]
    [InlineData("Prefixs", "Prefixes", 1)]
    [InlineData("PREFIXES", "Prefixes", 0)]
    [InlineData("", "Ports", 5)]
    [InlineData("Ports", "", 5)]
    [InlineData("Port", "Ports", 1)]
    [InlineData("Protcols", "Protocols", 1)]
    [InlineData("Potrs", "Ports", 2)]
    public void The_distance_is_how_many_letters_differ(string a, string b, int distance) => Assert.Equal(distance, NearestKey.Distance(a, b));

    [Fact]
    public void A_near_key_is_suggested() =>
        Assert.Equal("is an unknown key; did you mean 'Prefixes'?", NearestKey.Unknown("prefix", ["Ports", "Prefixes", "Protocols"]));

    [Fact]
    public void Where_none_is_near_all_are_listed() =>
        Assert.Equal("is an unknown key; expected 'Ports', 'Prefixes', 'Protocols'", NearestKey.Unknown("Certificates", ["Prefixes", "Ports", "Protocols"]));
}
