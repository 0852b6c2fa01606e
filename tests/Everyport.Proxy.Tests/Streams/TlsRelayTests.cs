using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Everyport.Proxy.Streams;
using Everyport.Proxy.Tests.Reactors;
using Everyport.Proxy.Tests.Tls.Upstream;
using Everyport.Proxy.Tls.Upstream;

namespace Everyport.Proxy.Tests.Streams;

/// <summary>The relay between a plain connection and one with TLS.</summary>
public sealed class TlsRelayTests : IDisposable
{
    private static readonly StreamLimits NoLimits = new(StreamLimits.Never, StreamLimits.Never);

    private readonly ReactorScene _scene = new();
    private readonly TlsScene _tls = new();
    private readonly Socket _client, _destination;
    private readonly int _clientSide, _destinationSide;

    public TlsRelayTests()
    {
        (_clientSide, _client) = _scene.Pair();
        (_destinationSide, _destination) = _scene.Pair();
    }

    public void Dispose()
    {
        _scene.Dispose();
        _tls.Dispose();
    }

    [Fact]
    public async Task Each_side_ends_for_itself_and_what_was_moved_is_counted()
    {
        var (relaying, server) = await RelayAsync(NoLimits);
        _client.Send("question"u8);
        _client.Shutdown(SocketShutdown.Send);
        Assert.Equal("question", await ReceiveToEndAsync(server));
        await server.WriteAsync("a longer answer"u8.ToArray());
        Assert.Equal(15, _client.Receive(new byte[100]));
        // The end of TLS alone, without one of the connection.
        await server.ShutdownAsync();
        Assert.Equal(0, _client.Receive(new byte[100]));
        Assert.Equal((CloseReason.Finished, 8, 15), await relaying);
    }

    [Fact]
    public async Task The_end_of_the_connection_ends_a_direction_too()
    {
        var (relaying, server) = await RelayAsync(NoLimits);
        _destination.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, _client.Receive(new byte[100]));
        _client.Send("still there?"u8);
        _client.Shutdown(SocketShutdown.Send);
        Assert.Equal("still there?", await ReceiveToEndAsync(server));
        Assert.Equal((CloseReason.Finished, 12, 0), await relaying);
    }

    [Theory]
    [InlineData(true, nameof(CloseReason.ClientAborted))]
    [InlineData(false, nameof(CloseReason.DestinationAborted))]
    public async Task A_break_of_one_side_is_a_break_for_the_other(bool ofClient, string reason)
    {
        var (relaying, _) = await RelayAsync(NoLimits);
        var (breaking, other) = ofClient ? (_client, _destination) : (_destination, _client);
        breaking.LingerState = new LingerOption(true, 0);
        breaking.Dispose();
        AssertReset(other);
        Assert.Equal(reason, (await relaying).Reason.ToString());
    }

    [Fact]
    public async Task What_is_no_TLS_breaks_the_stream()
    {
        var (relaying, _) = await RelayAsync(NoLimits);
        _destination.Send("\u0017\u0003\u0003\0\u0020this cannot be decrypted by us.."u8);
        AssertReset(_client);
        Assert.Equal(CloseReason.DestinationAborted, (await relaying).Reason);
    }

    [Fact]
    public async Task Nothing_is_lost_where_both_sides_send_more_than_the_other_takes_at_once()
    {
        const int Total = 8 << 20;
        var (relaying, server) = await RelayAsync(NoLimits);
        var (question, answer) = (RandomNumberGenerator.GetBytes(Total), RandomNumberGenerator.GetBytes(Total));
        // Before the end is sent: .NET makes no stream of a socket that has been shut down.
        using var client = new NetworkStream(_client);
        var sending = Task.Run(() =>
        {
            _client.Send(question);
            _client.Shutdown(SocketShutdown.Send);
        });
        var answering = Task.Run(async () =>
        {
            await server.WriteAsync(answer);
            // Not by TLS: OpenSSL is read from on another thread at the same time.
            _destination.Shutdown(SocketShutdown.Send);
        });
        var asked = Task.Run(() => ReadToEndAsync(server));
        var answered = Task.Run(() => ReadToEndAsync(client));
        Assert.True((await asked.WaitAsync(ReactorScene.Patience)).AsSpan().SequenceEqual(question));
        Assert.True((await answered.WaitAsync(ReactorScene.Patience)).AsSpan().SequenceEqual(answer));
        await Task.WhenAll(sending, answering);
        Assert.Equal((CloseReason.Finished, Total, Total), await relaying);
    }

    [Fact]
    public async Task A_stream_without_a_byte_ends()
    {
        var (relaying, _) = await RelayAsync(new StreamLimits(100, StreamLimits.Never));
        AssertReset(_client);
        Assert.Equal(CloseReason.Idle, (await relaying).Reason);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_the_handshake_is_given_up()
    {
        var tls = _tls.New(new UpstreamTlsSettings { Roots = _tls.Authority.File });
        Assert.True(await _scene.RunAsync(async () =>
        {
            using var socket = _scene.Reactor.Adopt(_destinationSide)!;
            return await DestinationTls.EncryptAsync(_scene.Reactor, socket, tls, new("db.test", 5433, null), TimeSpan.FromMilliseconds(100)) is null;
        }));
        Assert.Contains(_tls.Log.All, line => line.Contains("(TimedOut)", StringComparison.Ordinal));
    }

    private async Task<(Task<(CloseReason Reason, long ToDestination, long ToClient)> Relaying, SslStream Server)> RelayAsync(StreamLimits limits)
    {
        var (certificate, key) = _tls.Authority.Issue("db", ["db.test"]);
        var server = new SslStream(new NetworkStream(_destination));
        using var own = X509Certificate2.CreateFromPemFile(certificate, key);
        var shaking = server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true) });
        var relaying = _scene.RunAsync(async () =>
        {
            using var clientSocket = _scene.Reactor.Adopt(_clientSide)!;
            using var destinationSocket = _scene.Reactor.Adopt(_destinationSide)!;
            var tls = _tls.New(new UpstreamTlsSettings { Roots = _tls.Authority.File });
            using var destination = await DestinationTls.EncryptAsync(_scene.Reactor, destinationSocket, tls, new("db.test", 5433, null), ReactorScene.Patience);
            using var client = new StreamEnd(_scene.Reactor, clientSocket);
            var relay = new TlsRelay(_scene.Reactor, client, destination!, limits);
            var reason = await relay.RunAsync();
            return (reason, relay.ToDestination, relay.ToClient);
        });
        await shaking.WaitAsync(ReactorScene.Patience);
        return (relaying, server);
    }

    private static void AssertReset(Socket socket)
    {
        var error = Assert.Throws<SocketException>(() =>
        {
            while (socket.Receive(new byte[1000]) > 0)
                continue;
        });
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    private static async Task<string> ReceiveToEndAsync(Stream stream) =>
        System.Text.Encoding.ASCII.GetString(await ReadToEndAsync(stream).WaitAsync(ReactorScene.Patience));

    private static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
