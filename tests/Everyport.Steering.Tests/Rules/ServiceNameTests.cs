using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Rules;

/// <summary>What a service may be called.</summary>
public class ServiceNameTests
{
    [Theory]
    [InlineData("web")]
    [InlineData("a name with spaces, \"quotes\" and ümlauts")]
    public void Almost_any_text_is_a_name(string name) => Assert.Null(ServiceName.Problem(name));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a\nb", "control character")]
    [InlineData(" web", "begins or ends with a space")]
    public void What_would_be_mistaken_is_none(string name, string problem) => Assert.Contains(problem, ServiceName.Problem(name), StringComparison.Ordinal);

    [Fact]
    public void Its_length_counts_in_bytes()
    {
        Assert.Null(ServiceName.Problem(new string('x', 255)));
        Assert.Contains("is 256 bytes long", ServiceName.Problem(new string('ü', 128)), StringComparison.Ordinal);
    }
}
