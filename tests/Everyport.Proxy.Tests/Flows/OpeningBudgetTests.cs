using Everyport.Proxy.Flows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>How many flows may be opened while more arrives than can be served.</summary>
public class OpeningBudgetTests
{
    private readonly OpeningBudget _budget = new();

    [Fact]
    public void As_many_as_come_where_the_queue_is_emptied_each_time()
    {
        for (var i = 0; i < 1000; i++)
            Assert.Equal(DatagramBatch.Capacity, OpenAfter(full: false));
    }

    [Fact]
    public void A_burst_is_served_whole()
    {
        for (var i = 0; i < OpeningBudget.Patience; i++)
            Assert.Equal(DatagramBatch.Capacity, OpenAfter(full: true));
    }

    [Fact]
    public void In_a_flood_fewer_and_fewer_are_opened_but_never_none()
    {
        var opened = Enumerable.Range(0, 1000).Select(_ => OpenAfter(full: true)).ToArray();
        Assert.Equal(opened.OrderDescending(), opened);
        Assert.Equal(1, opened[^1]);
    }

    [Fact]
    public void After_a_flood_all_is_as_before()
    {
        for (var i = 0; i < 1000; i++)
            OpenAfter(full: true);
        Assert.Equal(DatagramBatch.Capacity, OpenAfter(full: false));
    }

    private int OpenAfter(bool full)
    {
        _budget.Received(full);
        var opened = 0;
        while (opened < DatagramBatch.Capacity && _budget.TryTake())
            opened++;
        return opened;
    }
}
