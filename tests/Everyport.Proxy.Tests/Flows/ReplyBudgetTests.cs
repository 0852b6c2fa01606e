using Everyport.Proxy.Flows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>How much a client is answered whose address may be false.</summary>
public class ReplyBudgetTests
{
    private const int Headers = 28;

    [Fact]
    public void Answers_are_so_many_times_as_large_as_what_was_sent_headers_included()
    {
        var budget = new ReplyBudget(3);
        budget.Received(100, 1);
        Assert.False(budget.TryAnswer(3 * (100 + Headers) - Headers + 1, 1));
        Assert.True(budget.TryAnswer(3 * (100 + Headers) - Headers, 1));
        Assert.False(budget.TryAnswer(0, 1));
    }

    [Fact]
    public void Each_datagram_of_several_counts_with_its_header()
    {
        var budget = new ReplyBudget(1);
        budget.Received(10, 10);
        Assert.False(budget.TryAnswer(11, 10));
        Assert.True(budget.TryAnswer(10, 10));
    }

    [Fact]
    public void Who_sends_again_without_an_answer_has_proved_nothing()
    {
        var budget = new ReplyBudget(1);
        for (var i = 0; i < 10; i++)
            budget.Received(0, 1);
        Assert.False(budget.IsProven);
        Assert.False(budget.TryAnswer(10 * Headers, 1));
        Assert.True(budget.TryAnswer(9 * Headers, 1));
    }

    [Fact]
    public void Who_sends_again_after_an_answer_is_answered_without_end()
    {
        var budget = new ReplyBudget(1);
        budget.Received(1, 1);
        Assert.True(budget.TryAnswer(1, 1));
        Assert.False(budget.IsProven);
        budget.Received(1, 1);
        Assert.True(budget.IsProven);
        Assert.True(budget.TryAnswer(65_507, 1));
        Assert.True(budget.TryAnswer(65_507, 1));
    }

    [Fact]
    public void Without_a_limit_everything_is_answered()
    {
        var budget = new ReplyBudget(null);
        budget.Received(0, 1);
        for (var i = 0; i < 100; i++)
            Assert.True(budget.TryAnswer(65_507, 1));
    }

    [Fact]
    public void A_long_time_without_an_answer_makes_no_budget_negative()
    {
        var budget = new ReplyBudget(1_000_000);
        for (var i = 0; i < 100_000; i++)
            budget.Received(65_507, 1);
        Assert.True(budget.TryAnswer(65_507, 1));
    }
}
