namespace Everyport.Proxy.Clusters;

/// <summary>What one kind of check says about a destination. Reports come under the lock of the cluster; anybody may read.</summary>
internal sealed class ConsecutiveFailures
{
    private volatile DestinationHealth _health;
    private volatile int _count;

    public DestinationHealth Health => _health;

    /// <summary>Whether one more success would change nothing.</summary>
    public bool IsPlainlyHealthy => _health == DestinationHealth.Healthy && _count == 0;

    public void Report(bool succeeded, int threshold)
    {
        _count = succeeded ? 0 : Math.Min(_count + 1, threshold);
        if (succeeded)
            _health = DestinationHealth.Healthy;
        else if (_count == threshold)
            _health = DestinationHealth.Unhealthy;
    }

    public void Reset() => (_count, _health) = (0, DestinationHealth.Unknown);
}
