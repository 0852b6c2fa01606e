using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>Wakes whoever waits for a socket when nothing has come for some time.</summary>
internal sealed class QuietTimer(ReactorSocket socket) : ReactorTimer
{
    public bool IsOver { get; private set; }

    public override void OnDeadline()
    {
        IsOver = true;
        socket.WakeReader();
    }
}
