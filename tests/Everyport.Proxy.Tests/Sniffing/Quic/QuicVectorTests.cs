using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Sniffing.Quic;

namespace Everyport.Proxy.Tests.Sniffing.Quic;

/// <summary>The samples of the standards, and what clients in use send.</summary>
public class QuicVectorTests
{
    [Theory]
    [InlineData(1, "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c", "9f50449e04a0e810283a1e9933adedd2")]
    [InlineData(2, "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f", "45b95e15235d6f45a6b19cbcb0294ba9")]
    public void The_keys_are_those_of_the_standard(int version, string key, string nonce, string headerKey)
    {
        byte[] derivedKey = new byte[16], derivedNonce = new byte[12], derivedHeaderKey = new byte[16];
        QuicInitialKeys.Derive(version == 1 ? QuicVersion.One : QuicVersion.Two, QuicVectors.DestinationId, derivedKey, derivedNonce, derivedHeaderKey);
        Assert.Equal((key, nonce, headerKey), (Convert.ToHexStringLower(derivedKey), Convert.ToHexStringLower(derivedNonce), Convert.ToHexStringLower(derivedHeaderKey)));
    }

    [Fact]
    public void The_packets_of_the_client_are_opened()
    {
        foreach (var packet in (byte[][])[QuicVectors.ClientPacket1, QuicVectors.ClientPacket2])
        {
            Assert.True(TryOpen(packet, out var payload));
            Assert.Equal([.. QuicVectors.ClientFrames, .. new byte[1162 - QuicVectors.ClientFrames.Length]], payload);

            var known = QuicConversation.Of(packet);
            Assert.Equal((SniffedProtocol.Quic, "example.com"), (known.Protocol, known.Hello?.ServerName));
            Assert.Equal("alpn", Alpn(known));
        }
    }

    [Fact]
    public void The_packets_of_the_server_are_not()
    {
        Assert.False(TryOpen(QuicVectors.ServerPacket1, out _));
        Assert.False(TryOpen(QuicVectors.ServerPacket2, out _));
    }

    [Fact]
    public void The_client_of_these_tests_writes_the_same()
    {
        foreach (var (version, packet) in ((uint, byte[])[])[(QuicClient.Version1, QuicVectors.ClientPacket1), (QuicClient.Version2, QuicVectors.ClientPacket2)])
            Assert.Equal(packet, new QuicClient(version, QuicVectors.DestinationId).Packet(QuicVectors.ClientFrames, 1200, number: 2, numberLength: 4, sourceId: []));
    }

    [Fact]
    public void Ngtcp2_is_understood()
    {
        var known = QuicConversation.Of(QuicRecordings.Ngtcp2);
        Assert.Equal((SniffedProtocol.Quic, "localhost", "h3"), (known.Protocol, known.Hello?.ServerName, Alpn(known)));
    }

    [Fact]
    public void Chromium_is_understood_in_whatever_order_its_datagrams_come()
    {
        AssertChromium(QuicRecordings.Chromium1, QuicRecordings.Chromium2);
        AssertChromium(QuicRecordings.Chromium2, QuicRecordings.Chromium1);
        AssertChromium(QuicRecordings.Chromium1, QuicRecordings.Chromium1, QuicRecordings.Chromium2);
        AssertChromium(QuicRecordings.Chromium1, QuicRecordings.Chromium3, QuicRecordings.Chromium2);
    }

    private static void AssertChromium(params byte[][] datagrams)
    {
        var known = QuicConversation.Of(datagrams);
        Assert.Equal((SniffedProtocol.Quic, "chromium.example.com"), (known.Protocol, known.Hello?.ServerName));
        Assert.Equal("h3", Alpn(known));
    }

    private static string Alpn(FirstBytes known) => string.Join(',', known.Hello?.Alpn ?? []);

    private static bool TryOpen(byte[] packet, out byte[] payload)
    {
        Assert.True(QuicLongHeader.TryRead(packet, out var header));
        Assert.Equal(QuicPacketType.Initial, header.Type);
        using var keys = new QuicInitialKeys(header.Version, QuicVectors.DestinationId);
        var opened = keys.TryOpen(header, new byte[QuicInitialKeys.WorkLength(packet.Length)], out var content);
        payload = content.ToArray();
        return opened;
    }
}
