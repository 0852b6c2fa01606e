using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Sniffing.Quic;

namespace Everyport.Proxy.Tests.Sniffing.Quic;

/// <summary>What is read of the first datagrams of a QUIC client, and what is not taken for any.</summary>
public class QuicSnifferTests
{
    private static readonly byte[] Message = Hello.Message(Hello.Body(Hello.ExtensionsOf("A.example.com", "h3", "h3-29"), sessionId: 0));

    [Theory]
    [InlineData(QuicClient.Version1)]
    [InlineData(QuicClient.Version2)]
    public void A_hello_in_one_datagram_is_read(uint version)
    {
        var known = QuicConversation.Of(QuicClient.Of(version).Datagram(Whole));
        AssertHello(known);
        Assert.Equal(["h3", "h3-29"], known.Hello!.Alpn);
    }

    [Fact]
    public void The_parts_of_a_hello_may_come_in_any_order()
    {
        byte[][] parts = [Part(0, 30), Part(30, 60), Part(60, Message.Length)];
        foreach (var order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            AssertHello(QuicConversation.Of(order.Select(part => QuicClient.Of().Datagram(parts[part]))));
            AssertHello(QuicConversation.Of(QuicClient.Of().Datagram(order.Select(part => parts[part]))));
            AssertHello(QuicConversation.Of(QuicClient.Of().Datagram((byte[])[.. order.SelectMany(part => parts[part])])));
        }
    }

    [Fact]
    public void Parts_may_overlap_as_long_as_they_agree()
    {
        AssertHello(QuicConversation.Of(QuicClient.Of().Datagram(Part(0, 50)), QuicClient.Of().Datagram(Part(0, 50)), QuicClient.Of().Datagram(Part(20, Message.Length))));

        byte[] other = [.. Message];
        other[40] ^= 1;
        var contradiction = QuicClient.Crypto(20, other[20..]);
        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(QuicClient.Of().Datagram(Part(0, 50)), QuicClient.Of().Datagram(contradiction)).Protocol);
        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(QuicClient.Of().Datagram((byte[])[.. contradiction, .. Part(0, 50)])).Protocol);
    }

    [Fact]
    public void Packets_of_other_kinds_are_passed_over()
    {
        foreach (var version in (uint[])[QuicClient.Version1, QuicClient.Version2])
        {
            var client = QuicClient.Of(version);
            byte[] datagram = [.. client.Packet(Part(0, 20)), .. client.Sealed(QuicClient.ZeroRtt), .. client.Sealed(QuicClient.Handshake), .. client.Packet(Part(20, Message.Length), 1200)];
            AssertHello(QuicConversation.Of(datagram));
        }
    }

    [Fact]
    public void Early_data_may_overtake_the_hello()
    {
        var early = QuicClient.Of().Sealed(QuicClient.ZeroRtt, 1000);
        AssertHello(QuicConversation.Of(early, QuicClient.Of().Datagram(Whole)));
        AssertHello(QuicConversation.Of(QuicClient.Of().Datagram(Part(0, 20)), early, QuicClient.Of().Datagram(Part(20, Message.Length))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("c0")]
    [InlineData("c0000000000801020304050607080301020300000001")] // Version Negotiation
    [InlineData("ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba")] // Retry
    [InlineData("e000000001080102030405060708030909094012")] // Handshake, and nothing of what it promises
    [InlineData("40010203040506070809")] // a short header
    [InlineData("8d7b01000001000000000000076578616d706c6503636f6d0000010001")] // DNS
    public void What_no_client_begins_with_is_not_QUIC(string hex)
    {
        var datagram = QuicVectors.Hex(hex);
        Assert.Equal(new FirstBytes(SniffedProtocol.Raw), QuicConversation.Of(datagram));
        Assert.Equal(new FirstBytes(SniffedProtocol.Raw), QuicConversation.Of([.. datagram, .. new byte[1200]]));
        // In the middle of a hello it may be anything, and says nothing.
        AssertHello(QuicConversation.Of(QuicClient.Of().Datagram(Part(0, 20)), datagram, QuicClient.Of().Datagram(Part(20, Message.Length))));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(0xFF00001Du)]
    [InlineData(0x1A2A3A4Au)]
    public void Other_versions_are_not_read(uint version) => Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(QuicClient.Of(version).Datagram(Whole)).Protocol);

    [Fact]
    public void A_damaged_packet_says_nothing()
    {
        var datagram = QuicClient.Of().Datagram(Whole);
        for (var at = 1; at < datagram.Length; at += at < 40 ? 1 : 97)
        {
            byte[] damaged = [.. datagram];
            damaged[at] ^= 0x10;
            Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(damaged).Protocol);
        }
    }

    [Fact]
    public void Servers_would_discard_an_Initial_packet_in_a_small_datagram()
    {
        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(QuicClient.Of().Packet(Whole, 1199)).Protocol);
        AssertHello(QuicConversation.Of(QuicClient.Of().Packet(Whole, 1200)));
    }

    [Fact]
    public void The_header_may_have_any_form_that_the_standard_allows()
    {
        for (var numberLength = 1; numberLength <= 4; numberLength++)
            AssertHello(QuicConversation.Of(QuicClient.Of().Packet(Whole, 1200, number: 0x5A, numberLength)));
        foreach (var length in (int[])[0, 1, 8, 20])
            AssertHello(QuicConversation.Of(new QuicClient(QuicClient.Version1, new byte[length]).Packet(Whole, 1200, sourceId: new byte[length])));
        foreach (var length in (int[])[1, 100, 600])
            AssertHello(QuicConversation.Of(QuicClient.Of().Packet(Whole, 1200, token: new byte[length])));
        AssertHello(QuicConversation.Of(QuicClient.Of().Packet(Whole, 20_000)));
        AssertHello(QuicConversation.Of(QuicClient.Of().Packet(Whole, 1200, fixedBit: false))); // RFC 9287
        AssertHello(QuicConversation.Of([.. QuicClient.Of().Packet(Whole), .. new byte[1200]])); // padded behind the packet

        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(new QuicClient(QuicClient.Version1, new byte[21]).Datagram(Whole)).Protocol);
    }

    [Theory]
    [InlineData("00000001")] // PADDING, PING
    [InlineData("02000001000102")] // ACK with a second range
    [InlineData("02412c4000000a")]
    [InlineData("0300000000010203")] // ACK with ECN
    [InlineData("1c0a0603627965")] // CONNECTION_CLOSE
    [InlineData("0600004001")] // nothing at the beginning; the type in two bytes is still PING
    public void Frames_that_may_stand_beside_the_hello_are_passed_over(string hex)
    {
        AssertHello(QuicConversation.Of(QuicClient.Of().Datagram((byte[])[.. QuicVectors.Hex(hex), .. Whole])));
        AssertHello(QuicConversation.Of(QuicClient.Of().Datagram((byte[])[.. Whole, .. QuicVectors.Hex(hex)])));
    }

    [Theory]
    [InlineData("04000000")] // RESET_STREAM
    [InlineData("0701aa")] // NEW_TOKEN
    [InlineData("080061")] // STREAM
    [InlineData("1d000000")] // CONNECTION_CLOSE of an application
    [InlineData("1e")] // HANDSHAKE_DONE
    [InlineData("40ff")] // unknown
    [InlineData("0600ffffffffffffffff")] // CRYPTO, longer than anything
    [InlineData("06ffffffffffffffff0161")] // CRYPTO, further away than anything
    [InlineData("0680004005")] // CRYPTO, broken off
    [InlineData("0600")]
    [InlineData("0200008000ffff00")] // ACK of more ranges than there are
    [InlineData("0200")]
    [InlineData("1c0006ffffffffffffffff")]
    public void Frames_that_may_not_are_malformed(string hex)
    {
        // Nothing after it, so that what is broken off stays so.
        byte[] frames = [.. Whole, .. new byte[1200], .. QuicVectors.Hex(hex)];
        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(QuicClient.Of().Packet(frames)).Protocol);
    }

    [Fact]
    public void A_packet_without_frames_is_malformed() =>
        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of([.. QuicClient.Of().Packet([], numberLength: 4), .. new byte[1200]]).Protocol);

    [Fact]
    public void A_message_that_is_no_proper_hello_is_malformed()
    {
        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(QuicClient.Of().Datagram(QuicClient.Crypto(0, [2]))).Protocol);
        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(QuicClient.Of().Datagram(QuicClient.Crypto(0, [1, 0, 0, 2, 3, 3]))).Protocol);
        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(QuicClient.Of().Datagram(QuicClient.Crypto(0, [1, 0, 0x40, 1]))).Protocol);
        Assert.Equal(SniffedProtocol.Unknown, QuicConversation.Of(QuicClient.Of().Datagram(QuicClient.Crypto(0, [1, 0, 0x40, 0]))).Protocol);
    }

    [Fact]
    public void The_longest_hello_is_read()
    {
        var message = Hello.Message(Hello.BodyOf(ClientHelloMessage.MaxBodyLength, "a.example.com"));
        AssertHello(QuicConversation.Of(message.Chunk(1100).Select((part, i) => QuicClient.Of().Datagram(QuicClient.Crypto(i * 1100, part)))));
        AssertHello(QuicConversation.Of(message.Chunk(1100).Select((part, i) => QuicClient.Of().Datagram(QuicClient.Crypto(i * 1100, part))).Reverse()));
        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(QuicClient.Of().Datagram(QuicClient.Crypto(message.Length, [0]))).Protocol);
    }

    [Fact]
    public void Nobody_waits_for_a_hello_over_more_datagrams_than_it_needs()
    {
        using var conversation = new QuicConversation();
        for (var i = 1; i <= QuicSniffer.MaxDatagrams; i++)
            Assert.Equal(SniffedProtocol.Unknown, conversation.Show(QuicClient.Of().Datagram(Part(0, 20))).Protocol);
        Assert.Equal(SniffedProtocol.Raw, conversation.Show(QuicClient.Of().Datagram(Part(0, 20))).Protocol);
    }

    [Fact]
    public void Another_attempt_of_the_client_takes_the_place_of_the_first()
    {
        // Such as the one after a Retry, whose keys follow from the ID that the server chose.
        var second = new QuicClient(QuicClient.Version1, [0xF0, 0x67, 0xA5, 0x50, 0x2A]);
        AssertHello(QuicConversation.Of(QuicClient.Of().Datagram(Part(0, 20)), second.Datagram(Part(0, 50)), second.Datagram(Part(50, Message.Length))));
        Assert.Equal(SniffedProtocol.Unknown, QuicConversation.Of(QuicClient.Of().Datagram(Part(0, 20)), second.Datagram(Part(20, Message.Length))).Protocol);
    }

    [Fact]
    public void The_keys_hold_when_the_client_takes_the_ID_that_the_server_gave_it()
    {
        byte[] first = [1, 2, 3, 4, 5, 6, 7, 8], given = [9, 9];
        var later = new QuicClient(QuicClient.Version1, first, given);
        AssertHello(QuicConversation.Of(new QuicClient(QuicClient.Version1, first).Datagram(Part(0, 20)), later.Datagram(Part(20, Message.Length))));
        Assert.Equal(SniffedProtocol.Raw, QuicConversation.Of(later.Datagram(Whole)).Protocol);
    }

    [Fact]
    public void The_packets_of_a_datagram_belong_to_one_connection()
    {
        byte[] datagram = [.. QuicClient.Of().Packet(Part(0, 20)), .. new QuicClient(QuicClient.Version1, [5, 5]).Packet(Whole, 1200)];
        Assert.Equal(SniffedProtocol.Unknown, QuicConversation.Of(datagram).Protocol);
    }

    [Fact]
    public void A_datagram_of_very_many_packets_is_not_read_to_its_end()
    {
        byte[][] pieces = [.. Message.Chunk(8).Select((piece, i) => QuicClient.Crypto(i * 8, piece))];
        Assert.Equal(SniffedProtocol.Unknown, QuicConversation.Of(QuicClient.Of().Datagram(pieces)).Protocol);
    }

    [Fact]
    public void What_is_not_an_Initial_packet_costs_no_memory()
    {
        byte[][] datagrams = [QuicVectors.Hex("40010203"), new byte[1200], QuicVectors.Hex("8d7b01000001"), QuicClient.Of().Sealed(QuicClient.Handshake, 1150), QuicClient.Of(7).Datagram(Whole)];
        QuicHelloState? state = null;
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                foreach (var datagram in datagrams)
                    QuicSniffer.Classify(datagram, ref state);
            }
        }));
        Assert.Null(state);
    }

    private static byte[] Whole => Part(0, Message.Length);

    private static byte[] Part(int from, int to) => QuicClient.Crypto(from, Message[from..to]);

    private static void AssertHello(FirstBytes known) => Assert.Equal((SniffedProtocol.Quic, "a.example.com"), (known.Protocol, known.Hello?.ServerName));
}
