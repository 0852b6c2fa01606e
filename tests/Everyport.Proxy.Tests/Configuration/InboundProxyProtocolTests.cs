using Everyport.Proxy.ProxyProtocol;
using static Everyport.Proxy.Tests.Configuration.Configurations;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>The section <c>ProxyProtocol</c>: who has to tell the true client.</summary>
public class InboundProxyProtocolTests
{
    [Theory]
    [InlineData("192.0.2.1:80", "10.0.0.1:1", "Header")]
    [InlineData("192.0.2.1:80", "[2001:db8::1]:1", "Header")]
    [InlineData("192.0.2.1:80", "11.0.0.1:1", "Refuse")]
    [InlineData("192.0.2.1:443", "10.0.0.1:1", "Refuse")] // the narrower ports decide, whoever comes
    [InlineData("192.0.2.1:443", "172.16.0.1:1", "Header")]
    [InlineData("192.0.2.7:443", "172.16.0.1:1", "None")] // the longer prefix decides
    [InlineData("192.0.2.7:443", "10.9.9.9:1", "Header")]
    [InlineData("198.51.100.1:443", "10.0.0.1:1", "None")]
    [InlineData("[2001:db8::1]:25", "[::1]:1", "Header")]
    public void The_most_specific_entry_for_the_destination_decides(string to, string from, string expected)
    {
        var inbound = Read(
            """
            {
              "ProxyProtocol": {
                "balancer": { "Addresses": ["192.0.2.0/24"], "Sources": ["10.0.0.0/8", "2001:db8::/32"] },
                "https": { "Addresses": ["192.0.2.0/24"], "Ports": "440-450", "Sources": "172.16.0.0/12", "Others": "refuse" },
                "open": { "Addresses": ["192.0.2.7/32"], "Sources": ["10.0.0.0/8"], "Others": "Direct" },
                "mail": { "Ports": "25", "Sources": ["::/0"] }
              }
            }
            """).InboundProxyProtocol;
        Assert.Equal(expected, inbound.For(Connection(to, from)).ToString());
    }

    [Fact]
    public void Without_entries_nothing_is_expected() =>
        Assert.Equal(Expectation.None, Read("{ }").InboundProxyProtocol.For(Connection("192.0.2.1:80")));

    [Fact]
    public void Every_error_is_told() => AssertErrors(
        """
        {
          "ProxyProtocol": {
            "a": { "Addresses": ["192.0.2.0/24"], "Ports": "80", "Others": "Ignore" },
            "b": { "Addresses": ["192.0.2.0/24"], "Ports": "0", "Source": ["10.0.0.0/8"], "Sources": ["10.0.0.0/33"] },
            "c": { "Addresses": ["192.0.2.0/24"], "Ports": "70-90,80", "Sources": ["10.0.0.0/8"] }
          }
        }
        """,
        "ProxyProtocol:a:Sources: is missing; expected the prefixes of the peers that may tell who the client is, such as '10.0.0.0/8'",
        "ProxyProtocol:a:Others: 'Ignore' is not what can be done with others; expected 'Refuse' or 'Direct'",
        "ProxyProtocol:b:Ports: '0' is not a port; ports go from 1 to 65535",
        "ProxyProtocol:b:Source: is an unknown key; did you mean 'Sources'?",
        "ProxyProtocol:b:Sources: '10.0.0.0/33' has a length that is not a number from 0 to 32",
        "ProxyProtocol:c:Ports: is for 192.0.2.0/24, ports 80 with the same precedence as the entry 'a'; narrow the ports or the addresses of one of them");
}
