using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Routing;

/// <summary>What a decision costs, in things that can be counted.</summary>
public class RouteTableCostTests
{
    [Fact]
    public void A_decision_allocates_nothing()
    {
        var table = RouteTable.ForTcp(
            [Tcp("mail", "25"), Tcp("named", "443").WithSni("a.example.com", "*.example.com"), Tcp("v6", "443", ["2001:db8::/32"]), Tcp("rest")], [HttpFor("443", ["192.0.2.0/24"])]);
        var bytes = new FirstBytes(SniffedProtocol.Tls, new ClientHello("b.a.example.com", ["h2"]));
        Steered[] connections = [Connection("192.0.2.1:25"), Connection("192.0.2.1:443"), Connection("[2001:db8::1]:443")];
        Assert.Equal(["mail", "rest", "v6"], Resolve());
        Assert.Equal(0, Allocated.By(() =>
        {
            foreach (var connection in connections)
                _ = table.Decide(connection).Resolve(bytes);
        }));

        IEnumerable<string?> Resolve() => connections.Select(connection => table.Decide(connection).Stream?.Name);
    }

    [Fact]
    public void However_many_routes_there_are_a_destination_meets_only_its_own()
    {
        var table = RouteTable.ForTcp(
            [
                .. Enumerable.Range(1, 10_000).Select(port => Tcp($"port {port}", $"{port}")),
                .. Enumerable.Range(0, 10_000).Select(n => Tcp($"address {n}", "*", [$"10.0.{n / 256}.{n % 256}/32"])),
                .. Enumerable.Range(0, 10_000).Select(n => Tcp($"name {n}", "20000").WithSni($"n{n}.example.com")),
            ], [HttpFor()]);
        Assert.Equal(3, CellsAt("10.0.0.7:80"));
        Assert.Equal(2, CellsAt("192.0.2.1:80"));
        Assert.Equal(1, CellsAt("192.0.2.1:10001"));
        Assert.Equal("name 9999", table.Decide(Connection("192.0.2.1:20000")).Resolve(new FirstBytes(SniffedProtocol.Tls, new ClientHello("n9999.example.com", []))).Stream?.Name);

        int CellsAt(string destination)
        {
            var count = 0;
            foreach (var cells in table.Index.At(To(destination)))
                count += cells.Length;
            return count;
        }
    }
}
