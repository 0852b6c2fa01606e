using Everyport.Proxy.Http;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Http;

public class DestinationTemplateTests
{
    [Theory]
    [InlineData("http://10.0.0.5:{port}/", "192.0.2.1:8080", "http://10.0.0.5:8080/")]
    [InlineData("http://{address}:{port}/base", "192.0.2.1:8080", "http://192.0.2.1:8080/base")]
    [InlineData("http://{address}/", "[2001:db8::1]:8080", "http://[2001:db8::1]/")]
    [InlineData("https://origin.example.com/", "192.0.2.1:8080", "https://origin.example.com/")]
    public void Placeholders_stand_for_the_original_destination(string template, string original, string expected) =>
        Assert.Equal(expected, DestinationTemplate.Expand(template, To(original)));

    [Theory]
    [InlineData("http://10.0.0.5:{port}/", true)]
    [InlineData("https://{address}:{port}", true)]
    [InlineData("http://10.0.0.5:{prt}/", false)]
    [InlineData("http://:80/", false)]
    [InlineData("http://", false)]
    [InlineData("10.0.0.5", false)]
    public void A_template_is_valid_where_it_becomes_a_URL(string template, bool expected) =>
        Assert.Equal(expected, DestinationTemplate.IsValid(template));
}
