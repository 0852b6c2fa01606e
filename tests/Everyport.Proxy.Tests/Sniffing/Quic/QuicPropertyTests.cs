using CsCheck;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Sniffing.Quic;

namespace Everyport.Proxy.Tests.Sniffing.Quic;

/// <summary>What holds for any hello however it is sent, and for any datagrams at all.</summary>
public class QuicPropertyTests
{
    private static readonly Gen<byte[]> Messages = Gen.Select(
        Gen.OneOf([null, "a", "a.example.com"]), Gen.OneOf<string[]>([], ["h3"], ["h3", "h3-29"]), Gen.Int[0, 3000],
        (name, alpn, padding) => Hello.Message(Hello.Body([.. Hello.Extension(Hello.PaddingExtension, new byte[padding]), .. Hello.ExtensionsOf(name, alpn)], sessionId: 0)));

    /// <summary>Cuts, how far each piece goes beyond its end, in which order they come, and how many share a packet and a datagram.</summary>
    private static readonly Gen<(int[] Cuts, int[] Overlaps, int Seed, int PerPacket, int PerDatagram)> Ways =
        Gen.Select(Gen.Int[1, 4000].Array[0, 25], Gen.Int[0, 40].Array[26], Gen.Int, Gen.Int[1, 6], Gen.Int[1, 3]);

    private static readonly Gen<uint> Versions = Gen.OneOf([QuicClient.Version1, QuicClient.Version2]);

    [Fact]
    public void However_a_hello_is_sent_it_says_the_same() => Gen.Select(Messages, Ways, Versions).Sample((message, way, version) =>
    {
        var expected = ClientHelloMessage.Parse(message, out var hello);
        Assert.Equal(ClientHelloStatus.Complete, expected);
        byte[][] datagrams = [.. Datagrams(Pieces(message, way), way, version)];

        using var conversation = new QuicConversation();
        var known = datagrams.Select(datagram => conversation.Show(datagram)).First(shown => shown.Protocol != SniffedProtocol.Unknown);
        Assert.Equal((SniffedProtocol.Quic, hello!.ServerName, string.Join(',', hello.Alpn)), (known.Protocol, known.Hello?.ServerName, string.Join(',', known.Hello?.Alpn ?? [])));
    }, iter: 500);

    [Fact]
    public void A_hello_with_a_gap_is_waited_for() => Gen.Select(Messages, Ways, Gen.Int[0, 25], Versions).Sample((message, way, missing, version) =>
    {
        var disjoint = (way.Cuts, new int[26], way.Seed, way.PerPacket, way.PerDatagram);
        byte[][] pieces = Pieces(message, disjoint);
        pieces = [.. pieces.Where((_, i) => i != missing % pieces.Length)];
        using var conversation = new QuicConversation();
        foreach (var datagram in Datagrams(pieces, disjoint, version))
            Assert.Equal(SniffedProtocol.Unknown, conversation.Show(datagram).Protocol);
    }, iter: 300);

    [Fact]
    public void Any_datagrams_at_all_are_borne()
    {
        var noise = Gen.Byte.Array[0, 200].Select(bytes => (byte[])[.. bytes, .. new byte[1200]]);
        var headers = Gen.Select(Gen.OneOf<byte>([0xC0, 0xD0, 0xE0, 0xF0, 0x80]), Versions, Gen.Byte.Array[0, 100], (first, version, rest) =>
            (byte[])[first, (byte)(version >> 24), (byte)(version >> 16), (byte)(version >> 8), (byte)version, .. rest, .. new byte[1200]]);
        var frames = Gen.Select(Gen.OneOf(Gen.Byte, Gen.OneOf<byte>([0, 1, 2, 3, 6, 0x1C, 0x40, 0x80, 0xC0])).Array[0, 60], Versions, (content, version) =>
            QuicClient.Of(version).Packet([.. new byte[1150], .. content], 1200));
        var damaged = Gen.Select(Messages, Ways, Versions, Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[1, 3], (message, way, version, damage) =>
        {
            var datagram = Datagrams(Pieces(message, way), way, version).First();
            foreach (var (at, value) in damage)
                datagram[at % datagram.Length] = value;
            return datagram;
        });
        Gen.OneOf(noise, headers, frames, damaged).Array[1, 6].Sample(datagrams =>
        {
            using var conversation = new QuicConversation();
            foreach (var datagram in datagrams)
            {
                conversation.Show(datagram);
                conversation.Show(datagram.AsSpan(0, datagram.Length / 2));
            }
        }, iter: 1500);
    }

    [Fact]
    public void However_long_a_client_goes_on_there_is_an_answer() => Gen.Select(Messages, Ways, Versions).Sample((message, way, version) =>
    {
        // All but the first byte, again and again.
        byte[] endless = [.. Datagrams([QuicClient.Crypto(1, message[1..])], way, version).Single()];
        using var conversation = new QuicConversation();
        var shown = 0;
        while (conversation.Show(endless).Protocol == SniffedProtocol.Unknown)
            Assert.True(++shown <= QuicSniffer.MaxDatagrams);
    }, iter: 30);

    private static byte[][] Pieces(byte[] message, (int[] Cuts, int[] Overlaps, int Seed, int PerPacket, int PerDatagram) way)
    {
        int[] cuts = [0, .. way.Cuts.Where(cut => cut < message.Length).Distinct().Order(), message.Length];
        byte[][] pieces = [.. cuts[..^1].Select((from, i) => QuicClient.Crypto(from, message[from..Math.Min(message.Length, cuts[i + 1] + way.Overlaps[i])]))];
        new Random(way.Seed).Shuffle(pieces);
        return pieces;
    }

    private static IEnumerable<byte[]> Datagrams(byte[][] pieces, (int[] Cuts, int[] Overlaps, int Seed, int PerPacket, int PerDatagram) way, uint version) =>
        pieces.Chunk(way.PerPacket).Select(packet => packet.SelectMany(piece => piece).ToArray()).Chunk(way.PerDatagram).Select(packets => QuicClient.Of(version).Datagram(packets));
}
