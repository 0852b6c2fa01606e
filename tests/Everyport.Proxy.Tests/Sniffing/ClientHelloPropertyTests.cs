using CsCheck;
using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Tests.Sniffing;

/// <summary>What holds for any bytes that begin as TLS does: hellos, hellos with damage, and noise.</summary>
public class ClientHelloPropertyTests
{
    private static readonly Gen<byte[]> Good = Gen.Select(
        Gen.OneOf([null, "a", "a.example.com", "xn--bcher-kva.example"]), Gen.OneOf<string[]>([], ["h2"], ["h2", "http/1.1"]), Gen.Int[0, 600], Gen.Int[1, 400].Array[0, 8],
        (name, alpn, padding, records) => Hello.Records(Hello.Body([.. Hello.Extension(Hello.PaddingExtension, new byte[padding]), .. Hello.ExtensionsOf(name, alpn)]), records));

    private static readonly Gen<byte[]> Damaged = Gen.Select(Good, Gen.Select(Gen.Int[0, 1200], Gen.Byte).Array[1, 4], (data, damage) =>
    {
        foreach (var (at, value) in damage)
            data[at % data.Length] = value;
        return data;
    });

    private static readonly Gen<byte[]> Bytes = Gen.OneOf(Good, Damaged, Gen.Byte.Array[0, 300].Select(noise => (byte[])[22, 3, 1, .. noise]));

    [Fact]
    public void A_decision_once_made_never_changes_with_more_bytes() => Bytes.Sample(data =>
    {
        byte[] more = [.. data, .. new byte[20]];
        var decided = ClientHelloStatus.Incomplete;
        ClientHello? found = null;
        for (var length = 0; length <= more.Length; length++)
        {
            var now = ClientHelloReader.Read(more.AsSpan(0, length), out var hello);
            if (decided != ClientHelloStatus.Incomplete)
                Assert.Equal((decided, found?.ServerName, Join(found)), (now, hello?.ServerName, Join(hello)));
            (decided, found) = (now, hello);
        }
    }, iter: 500);

    [Fact]
    public void However_a_hello_is_cut_into_records_it_says_the_same() =>
        Gen.Select(Gen.OneOf(["a", "a.example.com"]), Gen.Int[1, 60].Array[0, 30]).Sample((name, records) =>
        {
            var body = Hello.Body(Hello.ExtensionsOf(name, "h2"));
            Assert.Equal(ClientHelloStatus.Complete, ClientHelloReader.Read(Hello.Records(body, records), out var hello));
            Assert.Equal((name, "h2"), (hello!.ServerName, Join(hello)));
        }, iter: 2_000);

    [Fact]
    public void As_many_bytes_as_are_ever_looked_at_are_always_enough() =>
        Gen.Select(Bytes, Gen.Byte, Gen.Int[1, 40]).Sample((data, filler, recordLength) =>
        {
            // Records that never end the hello, for as long as anybody looks.
            byte[] record = Hello.Record([.. Enumerable.Repeat(filler, recordLength)]);
            byte[] endless = [.. data, .. Enumerable.Repeat(record, Sniffer.MaxLength / record.Length + 1).SelectMany(bytes => bytes)];
            return Sniffer.Classify(endless.AsSpan(0, Sniffer.MaxLength)).Protocol != SniffedProtocol.Unknown;
        }, iter: 500);

    private static string Join(ClientHello? hello) => string.Join(',', hello?.Alpn ?? []);
}
