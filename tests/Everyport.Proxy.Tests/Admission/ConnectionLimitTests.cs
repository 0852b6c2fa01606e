using Everyport.Proxy.Admission;

namespace Everyport.Proxy.Tests.Admission;

/// <summary>A counter with a maximum.</summary>
public class ConnectionLimitTests
{
    [Fact]
    public void So_many_enter_and_the_next_one_once_one_has_left()
    {
        var limit = new ConnectionLimit(2);
        Assert.True(limit.TryEnter());
        Assert.True(limit.TryEnter());
        Assert.False(limit.TryEnter());
        Assert.Equal(2, limit.Count);
        limit.Leave();
        Assert.True(limit.TryEnter());
    }

    [Fact]
    public void Of_many_threads_at_once_exactly_as_many_enter_as_may()
    {
        var limit = new ConnectionLimit(1000);
        var entered = 0;
        Parallel.For(0, 20_000, _ =>
        {
            if (limit.TryEnter())
                Interlocked.Increment(ref entered);
        });
        Assert.Equal((1000, 1000), (entered, limit.Count));
    }
}
