using Everyport.Proxy.Demo;

namespace Everyport.Proxy.Tests.Demo;

public class ForwardedElementTests
{
    [Fact]
    public void The_pairs_of_an_element_are_found_by_name_in_any_case()
    {
        var pairs = ForwardedElement.Parse("""for="[2001:db8::1]:4711"; By="127.100.1.2:31337";host=example.com;proto=http""");
        Assert.Equal("[2001:db8::1]:4711", pairs["for"]);
        Assert.Equal("127.100.1.2:31337", pairs["by"]);
        Assert.Equal("example.com", pairs["Host"]);
        Assert.Equal("http", pairs["proto"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(";;")]
    [InlineData("for")]
    [InlineData(" ; by ; ")]
    public void What_is_no_pair_is_left_out(string header) => Assert.Empty(ForwardedElement.Parse(header));

    [Fact]
    public void The_first_of_two_pairs_with_one_name_counts() => Assert.Equal("a", ForwardedElement.Parse("for=a;for=b")["for"]);

    [Fact]
    public void A_value_may_hold_an_equals_sign() => Assert.Equal("a=b", ForwardedElement.Parse("for=a=b")["for"]);
}
