using CsCheck;
using Everyport.Proxy.Connections;

namespace Everyport.Proxy.Tests.Connections;

public class ConnectionBalanceTests
{
    [Fact]
    public void A_connection_stays_where_it_was_accepted_as_long_as_the_others_have_about_as_many()
    {
        var balance = new ConnectionBalance(2);
        for (var i = 0; i < 5; i++)
            Assert.Equal(0, balance.Enter(0));
        Assert.Equal(5, balance.Count(0));
    }

    [Fact]
    public void One_that_has_many_more_gives_to_the_one_that_has_least()
    {
        var balance = new ConnectionBalance(3);
        for (var i = 0; i < 3000; i++)
            balance.Enter(0);
        Assert.All(Enumerable.Range(0, 3), reactor => Assert.InRange(balance.Count(reactor), 900, 1150));
    }

    [Fact]
    public void Whoever_accepts_and_whoever_ends_every_connection_counts_exactly_once() =>
        Gen.Int[0, 3].Array[0, 300].Sample(accepting =>
        {
            var balance = new ConnectionBalance(4);
            var open = accepting.Select(balance.Enter).ToArray();
            var counted = Enumerable.Range(0, 4).Sum(balance.Count);
            foreach (var reactor in open)
                balance.Leave(reactor);
            return counted == accepting.Length && Enumerable.Range(0, 4).All(reactor => balance.Count(reactor) == 0);
        });
}
