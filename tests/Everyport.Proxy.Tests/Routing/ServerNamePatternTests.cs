using Everyport.Proxy.Routing;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Routing;

/// <summary>How server names are written in <c>Match:Sni</c>.</summary>
public class ServerNamePatternTests
{
    [Theory]
    [InlineData("a.example.com", "a.example.com")]
    [InlineData("A.Example.COM.", "a.example.com")]
    [InlineData("*.Example.com", "*.example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("*.BÜCHER.example", "*.xn--bcher-kva.example")]
    [InlineData("localhost", "localhost")]
    [InlineData("_a.example.com", "_a.example.com")]
    public void A_name_is_kept_as_it_is_sent(string text, string expected) => Assert.Equal(expected, Pattern(text).ToString());

    [Theory]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("")]
    [InlineData(".example.com")]
    [InlineData("a..example.com")]
    [InlineData("*a.example.com")]
    [InlineData("a.*.example.com")]
    [InlineData("a b.example.com")]
    [InlineData("-a.example.com")]
    [InlineData("https://example.com")]
    [InlineData("example.com:443")]
    [InlineData("bü cher.example")]
    public void What_is_no_host_name_is_an_error(string text)
    {
        Assert.False(ServerNamePattern.TryParse(text, out _, out var error));
        Assert.Equal($"'{text}' is not a host name such as 'a.example.com' or '*.example.com'", error);
    }

    [Fact]
    public void An_address_is_no_server_name()
    {
        Assert.False(ServerNamePattern.TryParse("192.0.2.1", out _, out var error));
        Assert.Equal("'192.0.2.1' is an address, which no client may send as a server name (RFC 6066); use Addresses", error);
    }

    [Theory]
    [InlineData("*.example.com", "a.example.com", true)]
    [InlineData("*.example.com", "b.a.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "aexample.com", false)]
    [InlineData("a.example.com", "a.example.com", true)]
    [InlineData("a.example.com", "b.a.example.com", false)]
    public void A_wildcard_stands_for_one_label_or_more(string pattern, string name, bool expected)
    {
        Assert.Equal(expected, Pattern(pattern).Matches(name));
        Assert.Equal(expected, Pattern(pattern).Covers(Pattern(name)));
    }

    [Fact]
    public void A_wildcard_covers_those_below_it_and_itself()
    {
        Assert.True(Pattern("*.example.com").Covers(Pattern("*.a.example.com")));
        Assert.True(Pattern("*.example.com").Covers(Pattern("*.example.com")));
        Assert.False(Pattern("*.a.example.com").Covers(Pattern("*.example.com")));
        Assert.False(Pattern("a.example.com").Covers(Pattern("*.a.example.com")));
    }
}
