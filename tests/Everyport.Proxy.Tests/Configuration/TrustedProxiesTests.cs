using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

public class TrustedProxiesTests
{
    [Fact]
    public void Nobody_is_trusted_who_is_not_named()
    {
        Assert.Empty(Read("{ }").Http.TrustedProxies);
        Assert.Equal(["10.0.0.0/8", "2001:db8::/32"], Read("""{ "TrustedProxies": ["10.0.0.0/8", "2001:db8::/32"] }""").Http.TrustedProxies.Select(prefix => prefix.ToString()));
    }

    [Fact]
    public void What_is_no_prefix_is_an_error() => AssertErrors(
        """{ "TrustedProxies": ["10.0.0.0/8", "proxy"] }""",
        "TrustedProxies:1: 'proxy' is not a prefix such as '198.51.100.0/24' or '2001:db8::/32'");
}
