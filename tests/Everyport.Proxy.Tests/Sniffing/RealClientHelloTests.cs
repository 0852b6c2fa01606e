using System.Net.Security;
using System.Security.Authentication;
using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Tests.Sniffing;

/// <summary>The hello that a TLS library in use sends.</summary>
public class RealClientHelloTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task What_OpenSSL_sends_is_read(SslProtocols version)
    {
        using var sent = new MemoryStream();
        await using var tls = new SslStream(new OneWayStream(sent));
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "Real.Example.com",
            EnabledSslProtocols = version,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
        await Assert.ThrowsAnyAsync<IOException>(() => tls.AuthenticateAsClientAsync(options));

        var found = Sniffer.Classify(sent.ToArray());
        Assert.Equal(SniffedProtocol.Tls, found.Protocol);
        Assert.Equal("real.example.com", found.Hello?.ServerName);
        Assert.Equal(["h2", "http/1.1"], found.Hello?.Alpn);
        Assert.Equal((version == SslProtocols.Tls12, version == SslProtocols.Tls13), (found.Hello?.OffersTls12, found.Hello?.OffersTls13));
    }

    /// <summary>Keeps what is written; nobody ever answers.</summary>
    private sealed class OneWayStream(MemoryStream sent) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => sent.Write(buffer, offset, count);
    }
}
