using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Sniffing.Quic;

namespace Everyport.Proxy.Tests.Sniffing.Quic;

/// <summary>Shows datagrams to the sniffer one after the other, as a flow does.</summary>
internal sealed class QuicConversation : IDisposable
{
    private QuicHelloState? _state;

    /// <summary>What is known after all of these.</summary>
    public static FirstBytes Of(params IEnumerable<byte[]> datagrams)
    {
        using var conversation = new QuicConversation();
        var known = new FirstBytes(SniffedProtocol.Unknown);
        foreach (var datagram in datagrams)
        {
            Assert.Equal(SniffedProtocol.Unknown, known.Protocol);
            known = conversation.Show(datagram);
        }
        return known;
    }

    public FirstBytes Show(ReadOnlySpan<byte> datagram)
    {
        var known = QuicSniffer.Classify(datagram, ref _state);
        Assert.True(known.Protocol is SniffedProtocol.Unknown or SniffedProtocol.Raw or SniffedProtocol.Quic);
        Assert.Equal(known.Protocol == SniffedProtocol.Quic, known.Hello is not null);
        Assert.True(known.Protocol == SniffedProtocol.Unknown || _state is null);
        return known;
    }

    public void Dispose() => _state?.Dispose();
}
