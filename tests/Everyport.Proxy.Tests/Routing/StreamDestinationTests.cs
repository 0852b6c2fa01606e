using Everyport.Proxy.Routing;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Routing;

/// <summary>Where streams go, as written in clusters.</summary>
public class StreamDestinationTests
{
    [Theory]
    [InlineData("tcp://10.0.0.6:5432")]
    [InlineData("udp://10.0.0.7:53")]
    [InlineData("tcp://db.example.com:5432")]
    [InlineData("tcp://localhost:{port}")]
    [InlineData("udp://{address}:{port}")]
    [InlineData("tcp://{address}:80")]
    [InlineData("tcp://[2001:db8::1]:5432")]
    [InlineData("udp://[::1]:{port}")]
    public void A_destination_is_written_back_as_it_was_read(string text) => Assert.Equal(text, Parse(text).ToString());

    [Fact]
    public void A_slash_at_the_end_is_allowed() => Assert.Equal("tcp://10.0.0.6:5432", Parse("tcp://10.0.0.6:5432/").ToString());

    [Theory]
    [InlineData("10.0.0.6:5432")]
    [InlineData("http://10.0.0.6:80")]
    [InlineData("TCP://10.0.0.6:80")]
    [InlineData("tcp://10.0.0.6")]
    [InlineData("tcp://10.0.0.6:")]
    [InlineData("tcp://10.0.0.6:0")]
    [InlineData("tcp://10.0.0.6:70000")]
    [InlineData("tcp://10.0.0.6:+80")]
    [InlineData("tcp://10.0.0.6:http")]
    [InlineData("tcp://:80")]
    [InlineData("tcp://2001:db8::1:80")]
    [InlineData("tcp://[2001:db8::1]")]
    [InlineData("tcp://ho st:80")]
    [InlineData("tcp://{addr}:80")]
    [InlineData("tcp://10.0.0.6:80/path")]
    [InlineData("tcp://")]
    [InlineData("")]
    public void What_is_no_destination_is_named_with_an_example_of_one(string text)
    {
        Assert.False(StreamDestination.TryParse("d", text, out var destination, out var error));
        Assert.Null(destination);
        Assert.StartsWith($"'{text}' is not a destination such as 'tcp://10.0.0.6:5432'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://{address}:{port}", "192.0.2.1:2525", "192.0.2.1:2525")]
    [InlineData("tcp://{address}:{port}", "[2001:db8::1]:2525", "[2001:db8::1]:2525")]
    [InlineData("tcp://{address}:25", "192.0.2.1:2525", "192.0.2.1:25")]
    [InlineData("tcp://10.0.0.6:{port}", "192.0.2.1:2525", "10.0.0.6:2525")]
    [InlineData("tcp://[::1]:{port}", "192.0.2.1:2525", "[::1]:2525")]
    [InlineData("tcp://10.0.0.6:25", "192.0.2.1:2525", "10.0.0.6:25")]
    public void Placeholders_stand_for_the_original_destination(string text, string original, string expected)
    {
        var destination = Parse(text);
        Assert.Equal(expected, destination.LiteralFor(To(original))?.ToString());
        Assert.Equal(To(expected).Address.ToString(), destination.HostFor(To(original)));
        Assert.Equal(To(expected).Port, destination.PortFor(To(original)));
    }

    [Fact]
    public void A_name_has_no_endpoint_until_it_is_looked_up()
    {
        Assert.Null(Parse("tcp://db.example.com:5432").LiteralFor(To("192.0.2.1:2525")));
        Assert.Equal("db.example.com", Parse("tcp://db.example.com:{port}").HostFor(To("192.0.2.1:2525")));
    }

    private static StreamDestination Parse(string text)
    {
        Assert.True(StreamDestination.TryParse("d", text, out var destination, out var error), error);
        return destination!;
    }
}
