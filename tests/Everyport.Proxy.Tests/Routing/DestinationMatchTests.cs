using Everyport.Proxy.Routing;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Routing;

public class DestinationMatchTests
{
    [Theory]
    [InlineData("10.0.0.1:80", true)]
    [InlineData("10.0.0.1:443", true)]
    [InlineData("10.0.0.1:81", false)]
    [InlineData("[2001:db8::1]:80", true)]
    [InlineData("11.0.0.1:80", false)]
    [InlineData("[2001:db9::1]:80", false)]
    public void Both_the_port_and_the_address_have_to_match(string destination, bool expected) =>
        Assert.Equal(expected, Match("80,443", ["10.0.0.0/8", "2001:db8::/32"]).Matches(Connection(destination)));

    [Fact]
    public void What_is_left_out_matches_all()
    {
        Assert.True(Match("80").Matches(Connection("[2001:db8::1]:80")));
        Assert.True(Match(addresses: ["10.0.0.0/8"]).Matches(Connection("10.0.0.1:65535")));
        Assert.True(DestinationMatch.Any.Matches(Connection("10.0.0.1:1")));
    }

    [Fact]
    public void Only_a_match_without_ports_and_addresses_is_any()
    {
        Assert.True(Match().IsAny);
        Assert.False(Match("80").IsAny);
        Assert.False(Match(addresses: ["0.0.0.0/0"]).IsAny);
    }

    [Fact]
    public void The_client_has_to_match_as_well()
    {
        var match = Match("80", sources: ["10.0.0.0/8", "2001:db8::/32"]);
        Assert.True(match.Matches(Connection("192.0.2.1:80", "10.0.0.1:1234")));
        Assert.True(match.Matches(Connection("192.0.2.1:80", "[2001:db8::1]:1234")));
        Assert.False(match.Matches(Connection("192.0.2.1:80", "11.0.0.1:1234")));
        Assert.False(match.Matches(Connection("10.0.0.1:80", "[::1]:1234")));
        Assert.False(match.IsAny);
        Assert.True(Match(sources: ["10.0.0.0/8"]).IsAnyDestination);
    }

    [Theory]
    [InlineData("10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("[2001:db8::1]:80", "[2001:db8::1]:80")]
    [InlineData("[::ffff:10.0.0.1]:80", "10.0.0.1:80")]
    public void An_endpoint_is_written_as_usual_and_never_mapped(string text, string expected) => Assert.Equal(expected, To(text).ToString());
}
