using Everyport.Proxy.Lifetime;

namespace Everyport.Proxy.Tests.Lifetime;

/// <summary>The first request to end is orderly, the second is not.</summary>
public class ProcessLifetimeTests
{
    [Fact]
    public async Task The_first_reason_counts_and_the_second_signal_hurries()
    {
        using var lifetime = new ProcessLifetime(CancellationToken.None);
        Assert.False(lifetime.IsEnding);
        lifetime.EndOrHurry("SIGTERM");
        Assert.Equal("SIGTERM", await lifetime.Ending);
        Assert.False(lifetime.Now.IsCancellationRequested);
        lifetime.EndOrHurry("SIGTERM");
        Assert.True(lifetime.Now.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_asks_for_an_orderly_end_twice_gets_an_orderly_end()
    {
        using var cancelled = new CancellationTokenSource();
        using var lifetime = new ProcessLifetime(cancelled.Token);
        lifetime.End("POST /api/drain");
        lifetime.End("POST /api/drain");
        await cancelled.CancelAsync();
        Assert.Equal("POST /api/drain", await lifetime.Ending);
        Assert.False(lifetime.Now.IsCancellationRequested);
    }
}
