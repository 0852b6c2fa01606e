using Everyport.Proxy.Http.Policies;

namespace Everyport.Proxy.Tests.Http.Policies;

/// <summary>How many requests may be sent again.</summary>
public class RetryBudgetTests
{
    [Fact]
    public void At_the_start_a_few_failures_are_all_made_good()
    {
        var budget = new RetryBudget(0.2);
        Assert.Equal(RetryBudget.Most, Spend(budget, RetryBudget.Most));
        Assert.False(budget.TrySpend());
    }

    [Theory]
    [InlineData(0.1, 10)]
    [InlineData(0.2, 20)]
    [InlineData(1, 100)]
    public void Then_requests_earn_their_share(double share, int retries)
    {
        var budget = Spent(share);
        for (var i = 0; i < 100; i++)
            budget.Earn();
        Assert.Equal(retries, Spend(budget, 1000));
    }

    [Fact]
    public void No_more_is_saved_up_than_there_was_at_the_start()
    {
        var budget = Spent(0.5);
        for (var i = 0; i < 10_000; i++)
            budget.Earn();
        Assert.Equal(RetryBudget.Most, Spend(budget, 1000));
    }

    [Fact]
    public void Threads_do_not_spend_twice()
    {
        var budget = new RetryBudget(0.2);
        var spent = 0;
        Parallel.For(0, 1000, _ =>
        {
            if (budget.TrySpend())
                Interlocked.Increment(ref spent);
        });
        Assert.Equal(RetryBudget.Most, spent);
    }

    private static RetryBudget Spent(double share)
    {
        var budget = new RetryBudget(share);
        Spend(budget, RetryBudget.Most);
        return budget;
    }

    private static int Spend(RetryBudget budget, int times) => Enumerable.Range(0, times).Count(_ => budget.TrySpend());
}
