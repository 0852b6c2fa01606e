using Everyport.Proxy.Reactors;
using Everyport.Proxy.Streams;

namespace Everyport.Proxy.Connections;

/// <summary>Dials for a client that has been silent for a while, unless it speaks in time.</summary>
internal sealed class SilentClient(Reactor reactor, StreamDialler dialler, PendingStream pending) : ReactorTimer
{
    public bool ServerSpoke => pending.Early is { ServerSpoke: true };

    public void Start(TimeSpan patience) => reactor.StartTimer(this, (long)patience.TotalMilliseconds);

    public void Stop() => reactor.StopTimer(this);

    public override void OnDeadline()
    {
        if (!pending.TryEnter())
            return;
        pending.Early = new EarlyDial(reactor, dialler, pending);
        pending.Early.Start();
    }
}
