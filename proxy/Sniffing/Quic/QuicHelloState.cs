namespace Everyport.Proxy.Sniffing.Quic;

/// <summary>
/// What is kept of one attempt to connect while its hello is incomplete: the keys of the first packet, and the parts
/// that have arrived. Belongs to the caller of <see cref="QuicSniffer"/>, who disposes of it when it waits no longer.
/// </summary>
internal sealed class QuicHelloState(byte[] address, QuicInitialKeys keys) : IDisposable
{
    /// <summary>That of the first packet: the keys follow from it.</summary>
    public ReadOnlySpan<byte> Address => address;

    public QuicInitialKeys Keys => keys;

    public QuicHello Hello { get; } = new();

    /// <summary>How many datagrams of the attempt have been looked at.</summary>
    public int Datagrams { get; set; } = 1;

    public void Dispose() => keys.Dispose();
}
