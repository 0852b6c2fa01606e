using Everyport.Proxy.Reactors;
using Everyport.Proxy.Streams;

namespace Everyport.Proxy.Connections;

/// <summary>Dials for a client that has been silent for a while, unless it speaks in time.</summary>
internal sealed class SilentClient(Reactor reactor, Func<EarlyDial> dial) : ReactorTimer
{
    /// <summary>The dial, where it has come to that.</summary>
    public EarlyDial? Dial { get; private set; }

    public bool ServerSpoke => Dial is { ServerSpoke: true };

    public void Start(TimeSpan patience) => reactor.StartTimer(this, (long)patience.TotalMilliseconds);

    public void Stop() => reactor.StopTimer(this);

    public override void OnDeadline()
    {
        Dial = dial();
        Dial.Start();
    }
}
