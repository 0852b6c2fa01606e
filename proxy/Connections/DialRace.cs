using System.Collections.Immutable;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Reactors;
using Everyport.Steering.Rules;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Connections;

/// <summary>
/// Dials several addresses of one destination: the next one as soon as one fails, or when the last begun has not
/// answered for <see cref="HeadStart"/> milliseconds. The first connection is taken, the others are given up.
/// </summary>
internal sealed class DialRace(Reactor reactor, UpstreamDialler dialler, ImmutableArray<Address> addresses, ushort port, ClientSource? source) : ReactorTimer
{
    /// <summary>The "Connection Attempt Delay" that RFC 8305, section 8, recommends.</summary>
    private const int HeadStart = 250;

    private readonly TaskCompletionSource<DialResult> _result = new();
    private readonly List<DialAttempt> _attempts = [];
    private int _next, _failed;

    public async ValueTask<DialResult> RunAsync(TimeSpan timeout)
    {
        var end = new RaceEnd(this);
        reactor.StartTimer(end, (long)timeout.TotalMilliseconds);
        DialNext();
        var result = await _result.Task;

        reactor.StopTimer(end);
        reactor.StopTimer(this);
        foreach (var attempt in _attempts)
            attempt.Abandon(Syscalls.ECANCELED);
        return result;
    }

    public override void OnDeadline() => DialNext();

    private void DialNext()
    {
        if (_next < addresses.Length && !_result.Task.IsCompleted)
            _ = AttemptAsync(new Endpoint(addresses[_next++], port));
    }

    private async Task AttemptAsync(Endpoint destination)
    {
        var attempt = new DialAttempt(source);
        _attempts.Add(attempt);
        if (_next < addresses.Length)
            reactor.StartTimer(this, HeadStart);

        var result = await dialler.AttemptAsync(destination, attempt);
        if (result.Connection is null && ++_failed < addresses.Length)
            DialNext();
        else if (!_result.TrySetResult(result))
            result.Connection?.Dispose(); // both answered at the same time
    }

    private sealed class RaceEnd(DialRace race) : ReactorTimer
    {
        public override void OnDeadline() => race._result.TrySetResult(DialResult.Failed(Syscalls.ETIMEDOUT));
    }
}
