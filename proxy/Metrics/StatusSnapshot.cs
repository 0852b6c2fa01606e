using Everyport.Proxy.Admin.State;

namespace Everyport.Proxy.Metrics;

/// <summary>Reads the status once for all instruments that are read together.</summary>
internal sealed class StatusSnapshot(Func<Status?> read, TimeProvider time)
{
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private Status? _last;
    private long _at;

    public Status? Read()
    {
        lock (_gate)
        {
            if (_last is null || time.GetElapsedTime(_at) > Together)
                (_last, _at) = (read(), time.GetTimestamp());
            return _last;
        }
    }
}
