using System.Text;
using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Tests.Sniffing;

/// <summary>What the first bytes of a connection are taken for, however few of them have arrived.</summary>
public class ProtocolSnifferTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("GET / HTTP/1.0\r\n")]
    [InlineData("GET /a%2Fb/../c?d=e#f HTTP/1.1\r\n")]
    [InlineData("POST /login HTTP/1.1\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\n")]
    [InlineData("CONNECT example.com:443 HTTP/1.1\r\n")]
    [InlineData("GET http://example.com/ HTTP/1.1\r\n")]
    [InlineData("PROPFIND /dav HTTP/1.1\r\n")]
    [InlineData("M-SEARCH * HTTP/1.1\r\n")]
    [InlineData("x!#$%&'*+-.^_`|~9 / HTTP/1.1\r\n")]
    [InlineData("get / HTTP/1.1\r\n")]
    [InlineData("GET / HTTP/1.1\n")]
    [InlineData("PRI / HTTP/1.1\r\n")] // begins as the preface of HTTP/2 does
    [InlineData("PRI * HTTP/1.1\r\n")]
    [InlineData("\r\nGET / HTTP/1.1\r\n")]
    public void A_request_line_is_HTTP_1_once_it_is_complete(string line)
    {
        var data = Encoding.Latin1.GetBytes(line);
        for (var length = 0; length < data.Length; length++)
            Assert.Equal(SniffedProtocol.Unknown, ProtocolSniffer.Classify(data.AsSpan(0, length)));
        Assert.Equal(SniffedProtocol.Http1, ProtocolSniffer.Classify(data));
        Assert.Equal(SniffedProtocol.Http1, Classify(line + "Host: a\r\n\r\n"));
    }

    [Fact]
    public void The_preface_of_HTTP_2_is_known_at_its_last_byte()
    {
        for (var length = 0; length < Preface.Length; length++)
            Assert.Equal(SniffedProtocol.Unknown, Classify(Preface[..length]));
        Assert.Equal(SniffedProtocol.Http2, Classify(Preface));
        Assert.Equal(SniffedProtocol.Http2, Classify(Preface + "\0\0\0\u0004\0\0\0\0\0"));
    }

    [Fact]
    public void What_only_begins_as_the_preface_is_not_HTTP_2()
    {
        for (var length = 1; length < Preface.Length; length++)
            Assert.NotEqual(SniffedProtocol.Http2, Classify(Preface[..length] + "\0" + Preface[(length + 1)..]));
    }

    [Fact]
    public void A_TLS_handshake_is_known_at_its_second_byte()
    {
        Assert.Equal(SniffedProtocol.Unknown, Classify("\u0016"));
        Assert.Equal(SniffedProtocol.Tls, Classify("\u0016\u0003"));
        Assert.Equal(SniffedProtocol.Tls, Classify("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"));
        Assert.Equal(SniffedProtocol.Raw, Classify("\u0016\u0002"));
    }

    [Theory]
    [InlineData("OPTIONS rtsp://example.com/media RTSP/1.0\r\nCSeq: 1\r\n")]
    [InlineData("INVITE sip:bob@example.com SIP/2.0\r\n")]
    [InlineData("CWD /pub\r\n")]
    [InlineData("USER anonymous\r\n")]
    [InlineData("RETR / HTTP\r\n")]
    [InlineData("GET /\r\n")] // HTTP/0.9
    [InlineData("GET / HTTP/2.0\r\n")]
    [InlineData("GET / HTTP/1.1 \r\n")]
    [InlineData("GET /HTTP/1.1\r\n")]
    [InlineData("EHLO client.example.com\r\n")]
    [InlineData("HELP\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("\n")]
    [InlineData("\r\n\r\n")]
    [InlineData(" GET / HTTP/1.1\r\n")]
    [InlineData("G\u00c9T / HTTP/1.1\r\n")]
    [InlineData("\0\0\0\u0008\u0004\u00d2\u0016\u002f")] // PostgreSQL's SSLRequest
    [InlineData("*1\r\n$4\r\nPING\r\n")] // Redis
    [InlineData("MQTT")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")]
    public void What_only_resembles_HTTP_is_raw(string text)
    {
        // A word alone may still become a request line: time tells it from one.
        var expected = text == "MQTT" ? SniffedProtocol.Unknown : SniffedProtocol.Raw;
        Assert.Equal(expected, Classify(text));
    }

    [Fact]
    public void A_word_longer_than_any_method_is_raw_before_it_ends()
    {
        Assert.Equal(SniffedProtocol.Unknown, Classify(new string('A', 32)));
        Assert.Equal(SniffedProtocol.Raw, Classify(new string('A', 33)));
    }

    [Fact]
    public void A_request_line_that_does_not_end_is_HTTP_only_where_it_asks_for_a_path()
    {
        Assert.Equal(SniffedProtocol.Unknown, Classify("GET /" + new string('a', 4000)));
        Assert.Equal(SniffedProtocol.Http1, Classify(("GET /" + new string('a', 5000))[..ProtocolSniffer.MaxLength]));
        Assert.Equal(SniffedProtocol.Http1, Classify(("\r\nGET /" + new string('a', 5000))[..ProtocolSniffer.MaxLength]));
        Assert.Equal(SniffedProtocol.Raw, Classify(("SAY " + new string('a', 5000))[..ProtocolSniffer.MaxLength]));
    }

    private static SniffedProtocol Classify(string text) => ProtocolSniffer.Classify(Encoding.Latin1.GetBytes(text));
}
