using Everyport.Proxy.Reactors;
using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Connections;

/// <summary>Waits for the bytes that tell the protocol, or until the server that a silent client would get speaks first.</summary>
internal sealed class SniffWait(Reactor reactor, ReactorSocket client, SilentClient? silent) : PeekWait(reactor, client, Sniffer.MaxLength)
{
    /// <summary>What the client has said; <see cref="SniffedProtocol.Raw"/> where it was not enough to tell.</summary>
    public FirstBytes Result { get; private set; } = new(SniffedProtocol.Raw);

    protected override bool GivesUp => silent is { ServerSpoke: true };

    protected override bool IsEnough(ReadOnlySpan<byte> data)
    {
        silent?.Stop();
        var known = Sniffer.Classify(data);
        if (known.Protocol == SniffedProtocol.Unknown)
            return false;
        Result = known;
        return true;
    }
}
