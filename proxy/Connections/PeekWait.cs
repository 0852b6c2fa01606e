using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Connections;

/// <summary>Looks at what a client sends, which stays in its socket, until it is enough, for a limited time.</summary>
internal abstract class PeekWait(Reactor reactor, ReactorSocket client, int mostBytes) : ReactorTimer
{
    private bool _isOver;

    /// <summary>Waits until <see cref="IsEnough"/>. Otherwise the time is over, or the client has no more to say.</summary>
    public async ValueTask<PeekEnd> RunAsync(TimeSpan timeout)
    {
        reactor.StartTimer(this, (long)timeout.TotalMilliseconds);
        try
        {
            while (true)
            {
                // Asked before the peek: what has arrived before the end is then seen.
                var ended = client.HasHungUp;
                var count = client.Peek(reactor.Buffer[..mostBytes]);
                if (count > 0 && (IsEnough(reactor.Buffer[..count]) || count == mostBytes))
                    return PeekEnd.Enough;
                if (ended || count is <= 0 and not ReactorSocket.Again)
                    return PeekEnd.ClientEnded;
                if (_isOver || GivesUp)
                    return PeekEnd.TimedOut;
                await client.ReadableAsync();
            }
        }
        finally
        {
            reactor.StopTimer(this);
        }
    }

    public override void OnDeadline()
    {
        _isOver = true;
        client.WakeReader();
    }

    /// <summary>Whether there is any use in waiting for the rest of the time.</summary>
    protected virtual bool GivesUp => false;

    /// <summary>Whether these bytes, the first of the connection, are enough.</summary>
    protected abstract bool IsEnough(ReadOnlySpan<byte> data);
}
