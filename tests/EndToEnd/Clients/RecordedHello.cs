using System.Net.Security;
using System.Security.Authentication;

namespace Everyport.EndToEnd.Tests.Clients;

/// <summary>A real ClientHello, as a TLS client sends it, to be sent again in ways in which no client would.</summary>
internal static class RecordedHello
{
    private const int RecordHeader = 5;

    /// <summary>A hello for a server name, or none, which offers protocols by ALPN: with many of them it is long.</summary>
    public static byte[] For(string serverName, params string[] protocols)
    {
        using var recorder = new Recorder();
        using var client = new SslStream(recorder);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = serverName,
            ApplicationProtocols = protocols is [] ? null : [.. protocols.Select(protocol => new SslApplicationProtocol(protocol))],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        // Nobody answers.
        Assert.ThrowsAny<IOException>(() => client.AuthenticateAsClient(options));
        return recorder.Sent;
    }

    /// <summary>The same hello in TLS records that hold a few bytes each (RFC 8446, section 5.1, allows that).</summary>
    public static byte[] InRecordsOf(int size, byte[] hello)
    {
        byte[] handshake = [.. hello[RecordHeader..]];
        return
        [
            .. handshake.Chunk(size).SelectMany(piece => (byte[])[.. hello.AsSpan(0, 3), (byte)(piece.Length >> 8), (byte)piece.Length, .. piece]),
        ];
    }

    private sealed class Recorder : Stream
    {
        private readonly MemoryStream _sent = new();

        public byte[] Sent => _sent.ToArray();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => _sent.Write(buffer, offset, count);
    }
}
