using CsCheck;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Rules;

public class PortRangesTests
{
    [Theory]
    [InlineData("*", "*")]
    [InlineData(" * ", "*")]
    [InlineData("80", "80")]
    [InlineData("80,443,8000-8999", "80,443,8000-8999")]
    [InlineData(" 80 , 8000 - 8999 ", "80,8000-8999")]
    [InlineData("443-443", "443")]
    [InlineData("1-65535", "1-65535")]
    [InlineData("080", "80")]
    public void Ports_are_a_list_of_numbers_and_ranges(string text, string expected) => Assert.Equal(expected, Parse(text).ToString());

    [Theory]
    [InlineData("70000", "'70000' is not a port; ports go from 1 to 65535")]
    [InlineData("0", "'0' is not a port; ports go from 1 to 65535")]
    [InlineData("99999999999999999999", "'99999999999999999999' is not a port; ports go from 1 to 65535")]
    [InlineData("80-70000", "'70000' is not a port; ports go from 1 to 65535")]
    [InlineData("90-80", "'90-80' is an empty range; write '80-90'")]
    [InlineData("http", "'http' is not a port; ports are '*', '80' or '80,443,8000-8999'")]
    [InlineData("80,*", "'*' is not a port; ports are '*', '80' or '80,443,8000-8999'")]
    [InlineData("-80", "'' is not a port; ports are '*', '80' or '80,443,8000-8999'")]
    [InlineData("80-", "'' is not a port; ports are '*', '80' or '80,443,8000-8999'")]
    [InlineData("1-2-3", "'2-3' is not a port; ports are '*', '80' or '80,443,8000-8999'")]
    [InlineData("+80", "'+80' is not a port; ports are '*', '80' or '80,443,8000-8999'")]
    [InlineData("٨٠", "'٨٠' is not a port; ports are '*', '80' or '80,443,8000-8999'")]
    [InlineData("80,,443", "is an empty list entry; ports are '*', '80' or '80,443,8000-8999'")]
    [InlineData("80,", "is an empty list entry; ports are '*', '80' or '80,443,8000-8999'")]
    [InlineData("", "is an empty list entry; ports are '*', '80' or '80,443,8000-8999'")]
    public void An_error_names_the_part_that_is_wrong(string text, string expected)
    {
        Assert.False(PortRanges.TryParse(text, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("1-65535,8000-8999,8080", 8080, "8080")]
    [InlineData("1-65535,8000-8999,8080", 8081, "8000-8999")]
    [InlineData("1-65535,8000-8999,8080", 22, "1-65535")]
    [InlineData("80,443", 444, null)]
    [InlineData("*", 0, "*")]
    public void The_narrowest_range_that_holds_a_port_counts(string text, int port, string? expected) =>
        Assert.Equal(expected, Parse(text).Narrowest((ushort)port)?.ToString());

    [Fact]
    public void Only_the_star_means_all()
    {
        Assert.True(Parse("*").IsAll);
        Assert.False(Parse("1-65535").IsAll);
        Assert.Equal(PortRanges.All, Parse("*"));
    }

    [Fact]
    public void A_list_needs_at_least_one_range() => Assert.Throws<ArgumentOutOfRangeException>(() => PortRanges.Of());

    [Fact]
    public void Whatever_is_written_is_read_back_as_it_was() =>
        Gen.Select(Gen.UShort[1, ushort.MaxValue], Gen.UShort[1, ushort.MaxValue], (a, b) => new PortRange(Math.Min(a, b), Math.Max(a, b)))
            .Array[1, 8].Select(ranges => PortRanges.Of(ranges))
            .Sample(ports => Parse(ports.ToString()).Equals(ports));

    private static PortRanges Parse(string text)
    {
        Assert.True(PortRanges.TryParse(text, out var ports, out var error), error);
        return ports;
    }
}
