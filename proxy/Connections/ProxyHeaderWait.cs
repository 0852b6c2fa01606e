using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Connections;

/// <summary>Waits for the PROXY protocol header with which a trusted peer begins.</summary>
internal sealed class ProxyHeaderWait(Reactor reactor, ReactorSocket client) : PeekWait(reactor, client, ProxyHeaderReader.MaxLength)
{
    /// <summary>The header; as long as it is not complete, what is missing or wrong.</summary>
    public ProxyHeader Header { get; private set; }

    /// <summary>Whether there has been anything at all.</summary>
    public bool HasBegun { get; private set; }

    protected override bool IsEnough(ReadOnlySpan<byte> data)
    {
        HasBegun = true;
        Header = ProxyHeaderReader.Read(data);
        return Header.Status != ProxyHeaderStatus.NeedMore;
    }
}
