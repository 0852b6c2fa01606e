using System.Text;
using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Tests.Sniffing;

/// <summary>What is read of a ClientHello, and what is none.</summary>
public class ClientHelloTests
{
    [Fact]
    public void The_name_and_the_protocols_are_read()
    {
        var hello = Complete(Hello.Of("A.Example.com", "h2", "http/1.1"));
        Assert.Equal("a.example.com", hello.ServerName);
        Assert.Equal(["h2", "http/1.1"], hello.Alpn);
    }

    [Theory]
    [InlineData(0x0301, new byte[0], false, false)]
    [InlineData(0x0303, new byte[0], true, false)]
    [InlineData(0x0303, new byte[] { 2, 3, 4 }, false, true)]
    [InlineData(0x0303, new byte[] { 6, 0x7A, 0x7A, 3, 4, 3, 3 }, true, true)]
    [InlineData(0x0303, new byte[] { 2, 3, 2 }, false, false)]
    [InlineData(0x0303, new byte[] { 9, 3, 4 }, false, false)]
    public void The_versions_are_those_of_the_extension_or_without_it_that_of_the_hello(ushort version, byte[] extension, bool offersTls12, bool offersTls13)
    {
        var hello = Complete(Hello.Records(Hello.Body(extension.Length == 0 ? [] : Hello.Extension(43, extension), version: version)));
        Assert.Equal((offersTls12, offersTls13), (hello.OffersTls12, hello.OffersTls13));
    }

    [Fact]
    public void A_dot_at_the_end_of_the_name_does_not_count() => Assert.Equal("example.com", Complete(Hello.Of("example.com.")).ServerName);

    [Theory]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:192.0.2.1")]
    public void An_address_of_IPv6_in_the_place_of_the_name_names_nothing(string address) => Assert.Null(Complete(Hello.Of(address)).ServerName);

    [Fact]
    public void A_client_may_name_nothing()
    {
        foreach (var body in (byte[][])[Hello.Body(null), Hello.Body([]), Hello.Body(Hello.ExtensionsOf(null), sessionId: 0)])
        {
            var hello = Complete(Hello.Records(body));
            Assert.Null(hello.ServerName);
            Assert.Empty(hello.Alpn);
        }
    }

    [Fact]
    public void Reserved_values_and_unknown_extensions_are_passed_over()
    {
        byte[] extensions = [
            .. Hello.Extension(Hello.GreaseExtension, []), .. Hello.Extension(0xFE0D, new byte[300]), // an encrypted hello inside
            .. Hello.Extension(43, [4, 0x7A, 0x7A, 3, 4]), .. Hello.ExtensionsOf("outer.example.com", "\u009A\u009A", "h2"), .. Hello.Extension(0xFAFA, [0])];
        var hello = Complete(Hello.Records(Hello.Body(extensions)));
        Assert.Equal("outer.example.com", hello.ServerName);
        Assert.Equal(["\u009A\u009A", "h2"], hello.Alpn);
    }

    [Theory]
    [InlineData(1_216)] // the key share of X25519MLKEM768
    [InlineData(1_800)]
    [InlineData(16_384)]
    public void A_large_hello_is_read(int length)
    {
        var body = Hello.BodyOf(length, "large.example.com");
        Assert.Equal(length, body.Length);
        Assert.Equal("large.example.com", Complete(Hello.Records(body)).ServerName);
    }

    [Fact]
    public void A_hello_beyond_the_limit_is_malformed_as_soon_as_it_says_so()
    {
        var data = Hello.Records(Hello.BodyOf(16_385, "a.example.com"));
        Assert.Equal(ClientHelloStatus.Malformed, ClientHelloReader.Read(data.AsSpan(0, 9), out _));
    }

    [Fact]
    public void Each_byte_may_come_by_itself()
    {
        var data = Hello.Of("a.example.com", "h2");
        for (var length = 0; length < data.Length; length++)
            Assert.Equal(ClientHelloStatus.Incomplete, ClientHelloReader.Read(data.AsSpan(0, length), out _));
        Assert.Equal("a.example.com", Complete(data).ServerName);
        Assert.Equal("a.example.com", Complete([.. data, .. Hello.Record(new byte[100], type: 23)]).ServerName);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void A_hello_may_be_spread_over_many_records(int recordLength)
    {
        var data = Hello.Records(Hello.Body(Hello.ExtensionsOf("a.example.com", "h2")), Enumerable.Repeat(recordLength, 2_000));
        for (var length = 0; length < data.Length; length++)
            Assert.Equal(ClientHelloStatus.Incomplete, ClientHelloReader.Read(data.AsSpan(0, length), out _));
        Assert.Equal("a.example.com", Complete(data).ServerName);
    }

    [Fact]
    public void The_largest_hello_in_the_most_records_needs_the_most_bytes()
    {
        var body = Hello.BodyOf(ClientHelloMessage.MaxBodyLength, "a.example.com");
        var data = Hello.Records(body, Enumerable.Repeat(1, ClientHelloReader.MaxRecords - 1));
        Assert.Equal(ClientHelloReader.MaxLength, data.Length);
        Assert.Equal("a.example.com", Complete(data).ServerName);

        var longer = Hello.Records(body, Enumerable.Repeat(1, ClientHelloReader.MaxRecords));
        Assert.Equal(ClientHelloStatus.Malformed, ClientHelloReader.Read(longer.AsSpan(0, ClientHelloReader.MaxLength), out _));
    }

    [Fact]
    public void Only_the_host_name_of_several_names_counts()
    {
        var names = Hello.Names((7, "other"u8.ToArray()), (0, "a.example.com"u8.ToArray()), (8, []));
        Assert.Equal("a.example.com", Complete(Hello.Records(Hello.Body(Hello.Extension(Hello.ServerNameExtension, names)))).ServerName);
    }

    [Fact]
    public void What_comes_twice_is_malformed()
    {
        var name = Encoding.ASCII.GetBytes("a.example.com");
        AssertMalformed(Hello.Extension(Hello.ServerNameExtension, Hello.Names((0, name), (0, name))));
        AssertMalformed(Hello.Extension(Hello.ServerNameExtension, Hello.Names((0, "::1"u8.ToArray()), (0, name))));
        AssertMalformed([.. Hello.ExtensionsOf("a.example.com"), .. Hello.ExtensionsOf("a.example.com")]);
        AssertMalformed([.. Hello.Extension(Hello.ServerNameExtension, Hello.Names((7, name))), .. Hello.ExtensionsOf("a.example.com")]);
        AssertMalformed([.. Hello.ExtensionsOf(null, "h2"), .. Hello.ExtensionsOf(null, "h2")]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a\0.example.com")]
    [InlineData("-a.example.com")]
    [InlineData("*.example.com")]
    [InlineData("bücher.example")]
    [InlineData("a1234567890123456789012345678901234567890123456789012345678901234.example.com")]
    public void A_name_that_is_no_host_name_is_malformed(string name) => AssertMalformed(Hello.ExtensionsOf(name));

    [Fact]
    public void The_longest_name_has_253_letters()
    {
        var name = string.Join('.', Enumerable.Repeat(new string('a', 49), 5)) + ".aaa";
        Assert.Equal(name, Complete(Hello.Of(name)).ServerName);
        AssertMalformed(Hello.ExtensionsOf(name + "a"));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_malformed()
    {
        byte[] name = [.. Hello.Names((0, "a.example.com"u8.ToArray()))];
        AssertMalformed(Hello.Extension(Hello.ServerNameExtension, [.. name, 0]));
        AssertMalformed(Hello.Extension(Hello.ServerNameExtension, name[..^1]));
        AssertMalformed(Hello.Extension(Hello.ServerNameExtension, []));
        AssertMalformed(Hello.Extension(Hello.ServerNameExtension, [0, 0]));
        AssertMalformed(Hello.Extension(Hello.AlpnExtension, [0, 0]));
        AssertMalformed(Hello.Extension(Hello.AlpnExtension, [0, 1, 0]));
        AssertMalformed(Hello.Extension(Hello.AlpnExtension, [0, 2, 2, 104]));
        AssertMalformed([0, 0, 0]);
        Assert.Equal(ClientHelloStatus.Malformed, Status(Hello.Records([.. Hello.Body([]), 0])));
        Assert.Equal(ClientHelloStatus.Malformed, Status(Hello.Records(Hello.Body([], sessionId: 33))));
        Assert.Equal(ClientHelloStatus.Malformed, Status(Hello.Records(Hello.Body([], ciphers: 15))));
        Assert.Equal(ClientHelloStatus.Malformed, Status(Hello.Records(Hello.Body([], version: 0x0202))));
        Assert.Equal(ClientHelloStatus.Malformed, Status(Hello.Records([])));
    }

    [Fact]
    public void Records_of_another_kind_are_malformed()
    {
        var message = Hello.Of("a.example.com")[5..];
        Assert.Equal(ClientHelloStatus.Malformed, Status([.. Hello.Record(message[..10]), .. Hello.Record(message[10..], type: 23)]));
        Assert.Equal(ClientHelloStatus.Malformed, Status([.. Hello.Record(message[..10]), .. Hello.Record([])]));
        Assert.Equal(ClientHelloStatus.Malformed, Status([.. Hello.Record(message[..10]), .. Hello.Record(message[10..], version: 0x0403)]));
        Assert.Equal(ClientHelloStatus.Malformed, Status(Hello.Record([2, .. message[1..]])));
        Assert.Equal(ClientHelloStatus.Malformed, Status([22, 3, 1, 0x40, 0x01]));
    }

    [Fact]
    public void A_hello_in_the_form_of_SSLv2_is_not_TLS() =>
        Assert.Equal(SniffedProtocol.Raw, Sniffer.Classify([0x80, 0x2E, 1, 3, 1, 0, 0x15, 0, 0, 0, 0x10]).Protocol);

    [Fact]
    public void The_sniffer_knows_TLS_when_the_hello_is_complete()
    {
        var data = Hello.Of("a.example.com");
        Assert.Equal(SniffedProtocol.Unknown, Sniffer.Classify(data.AsSpan(0, data.Length - 1)).Protocol);
        var found = Sniffer.Classify(data);
        Assert.Equal((SniffedProtocol.Tls, "a.example.com"), (found.Protocol, found.Hello?.ServerName));
        Assert.Equal(new FirstBytes(SniffedProtocol.Raw), Sniffer.Classify(Hello.Record([2, 0, 0, 0])));
        Assert.Equal(new FirstBytes(SniffedProtocol.Http1), Sniffer.Classify("GET / HTTP/1.1\r\n"u8));
    }

    private static void AssertMalformed(byte[] extensions) => Assert.Equal(ClientHelloStatus.Malformed, Status(Hello.Records(Hello.Body(extensions))));

    private static ClientHelloStatus Status(byte[] data)
    {
        var status = ClientHelloReader.Read(data, out var hello);
        Assert.Equal(status == ClientHelloStatus.Complete, hello is not null);
        return status;
    }

    private static ClientHello Complete(byte[] data)
    {
        Assert.Equal(ClientHelloStatus.Complete, ClientHelloReader.Read(data, out var hello));
        return hello!;
    }
}
