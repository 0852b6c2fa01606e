using CsCheck;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Kernel;

public class SocketAddressTests
{
    [Fact]
    public void Every_endpoint_survives_the_structures_of_the_kernel() =>
        Gen.Select(Gen.Bool, Gen.ULong, Gen.ULong, Gen.UShort,
            (ipv6, high, low, port) => new Endpoint(ipv6 ? new Address(true, new UInt128(high, low)) : Address.FromIPv4((uint)high), port))
        .Where(endpoint => !endpoint.Address.IsIPv6 || endpoint.Address.Bits >> 32 != 0xFFFF)
        .Sample(endpoint =>
        {
            Span<byte> bytes = stackalloc byte[SocketAddress.MaxSize];
            bytes.Fill(0xAA);
            return SocketNames.Parse(bytes[..SocketAddress.Write(endpoint, bytes)]) == endpoint;
        });

    [Fact]
    public void What_is_no_address_or_port_is_zero()
    {
        var bytes = new byte[SocketAddress.MaxSize];
        Array.Fill(bytes, (byte)0xAA);
        Assert.Equal(16, SocketAddress.Write(To("192.0.2.1:258"), bytes));
        Assert.Equal(new byte[] { 2, 0, 1, 2, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0 }, bytes[..16]);
    }

    [Fact]
    public void A_mapped_address_is_read_as_the_IPv4_address_in_it()
    {
        byte[] mapped = [10, 0, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1, 0, 0, 0, 0];
        Assert.Equal(To("192.0.2.1:80"), SocketNames.Parse(mapped));
    }
}
