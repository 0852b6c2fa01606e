using Everyport.Proxy.Reload;

namespace Everyport.Proxy.Tests.Reload;

/// <summary>What happens where not everything can be put back.</summary>
public class RestorationTests
{
    private static readonly InvalidOperationException Cause = new("the kernel refused");

    [Fact]
    public async Task Every_step_has_its_turn_and_the_cause_is_told_first()
    {
        var done = new List<int>();
        var error = await Assert.ThrowsAsync<AggregateException>(() => Restoration.RunAsync(Cause,
        [
            () => Task.FromException(new IOException("one")),
            () => Do(2),
            () => throw new TimeoutException("three"),
            () => Do(4),
        ]));
        Assert.Equal([2, 4], done);
        Assert.Equal(["the kernel refused", "one", "three"], error.InnerExceptions.Select(inner => inner.Message));
        Assert.Contains("the kernel refused", error.Message, StringComparison.Ordinal);

        Task Do(int step)
        {
            done.Add(step);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public Task Where_all_is_put_back_nothing_is_to_be_told() => Restoration.RunAsync(Cause, [() => Task.CompletedTask]);
}
