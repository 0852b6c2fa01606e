using System.Threading.RateLimiting;

namespace Everyport.Proxy.Http.Policies;

/// <summary>A limiter that is counted as long as it is in use.</summary>
internal sealed class CountedLimiter : ReplenishingRateLimiter
{
    private readonly RateLimiter _inner;
    private readonly PartitionCount _count;
    private int _isDisposed;

    public CountedLimiter(RateLimiter inner, PartitionCount count)
    {
        (_inner, _count) = (inner, count);
        count.Add(1);
    }

    public override TimeSpan? IdleDuration => _inner.IdleDuration;

    public override bool IsAutoReplenishing => false;

    public override TimeSpan ReplenishmentPeriod => (_inner as ReplenishingRateLimiter)?.ReplenishmentPeriod ?? TimeSpan.Zero;

    public override bool TryReplenish() => (_inner as ReplenishingRateLimiter)?.TryReplenish() ?? false;

    public override RateLimiterStatistics? GetStatistics() => _inner.GetStatistics();

    protected override RateLimitLease AttemptAcquireCore(int permitCount) => _inner.AttemptAcquire(permitCount);

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        _inner.AcquireAsync(permitCount, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _inner.Dispose();
            _count.Add(-1);
        }
        base.Dispose(disposing);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await _inner.DisposeAsync();
            _count.Add(-1);
        }
        await base.DisposeAsyncCore();
    }
}
