using System.Net.Sockets;
using System.Security.Cryptography;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Tls;

/// <summary>Streams on which the TLS of clients ends.</summary>
public sealed class TerminatingStreamTests(TerminatingStreamScene scene) : IClassFixture<TerminatingStreamScene>
{
    private const int Length = 5_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [KernelFact]
    public void What_is_said_inside_comes_and_goes_in_plain_to_the_end_of_each_side() => scene.AsClient(TerminatingStreamScene.Echo, (_, tls) =>
    {
        var sent = RandomNumberGenerator.GetBytes(Length);
        var sending = Task.Run(() =>
        {
            tls.Write(sent);
            tls.ShutdownAsync().Wait(Patience);
        });
        var received = new MemoryStream();
        tls.CopyTo(received);
        Assert.True(sending.Wait(Patience));
        Assert.Equal(sent, received.ToArray());
    });

    [KernelTheory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public void The_end_of_the_server_reaches_the_client_as_one_of_TLS(string version)
    {
        var result = scene.OpenSsl(TerminatingStreamScene.Peer, TerminatingStreamScene.Host, version, "-msg");
        Assert.Contains("127.0.0.1", result.Output, StringComparison.Ordinal);
        Assert.Contains("<<<", result.Output.Split('\n').Last(line => line.Contains("Alert", StringComparison.Ordinal) && !line.StartsWith(">>>", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("Verification: OK", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [KernelFact]
    public void A_client_that_breaks_breaks_at_the_server_and_one_that_ends_ends()
    {
        scene.AsClient(TerminatingStreamScene.Watched, (_, tls) =>
        {
            Assert.Equal('!', tls.ReadByte());
            Assert.True(tls.ShutdownAsync().Wait(Patience));
            Assert.True(scene.Ends.TryTake(out var end, Patience));
            Assert.Equal("end", end);
        });
        scene.AsClient(TerminatingStreamScene.Watched, (socket, tls) =>
        {
            Assert.Equal('!', tls.ReadByte());
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
            Assert.True(scene.Ends.TryTake(out var end, Patience));
            Assert.Equal(nameof(SocketError.ConnectionReset), end);
        });
    }

    [KernelTheory]
    [InlineData("--http1.1", "HTTP/1.1")]
    [InlineData("--http2", "HTTP/2.0")]
    public void It_is_encrypted_anew_where_the_destination_is_reached_by_TLS_for_what_the_client_speaks_inside(string http, string version) =>
        Assert.Contains($"port=4502 sni=localhost version={version}", scene.Curl(TerminatingStreamScene.Encrypted, http), StringComparison.Ordinal);

    [KernelFact]
    public void The_destination_is_told_of_the_client_by_the_PROXY_protocol() =>
        Assert.Contains("header=127.0.0.9", scene.Curl(TerminatingStreamScene.Header, "--interface", "127.0.0.9"), StringComparison.Ordinal);

    [KernelTheory]
    [InlineData("h2", "h2")]
    [InlineData("h2,postgresql", "postgresql")]
    [InlineData("smtp,h2", "h2")]
    public void The_protocol_is_the_first_of_those_that_the_stream_takes(string offered, string agreed) => Assert.Contains(
        $"ALPN protocol: {agreed}\n", scene.OpenSsl(TerminatingStreamScene.Protocols, TerminatingStreamScene.Host, "-alpn", offered).Output, StringComparison.Ordinal);

    [KernelFact]
    public void Where_no_protocol_is_asked_for_any_will_do_and_none_is_agreed_on() => Assert.Contains(
        "No ALPN negotiated\n", scene.OpenSsl(TerminatingStreamScene.Peer, TerminatingStreamScene.Host, "-alpn", "smtp").Output, StringComparison.Ordinal);

    [KernelFact]
    public void Of_two_streams_in_one_place_that_on_which_TLS_ends_takes_TLS_and_the_other_the_rest()
    {
        scene.AsClient(TerminatingStreamScene.Both, (_, tls) =>
        {
            tls.Write("x"u8);
            Assert.Equal('x', tls.ReadByte());
        });
        scene.Namespace.Run(() =>
        {
            using var client = TcpClients.Connect(TerminatingStreamScene.Address, TerminatingStreamScene.Both);
            client.Send("anything\r\n"u8);
            Assert.Equal("plain"u8, TcpClients.Receive(client, 5));
        });
    }

    [KernelFact]
    public void What_is_not_TLS_is_not_taken() => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(TerminatingStreamScene.Address, TerminatingStreamScene.Echo);
        client.Send("anything\r\n"u8);
        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => client.Receive(new byte[1])).SocketErrorCode);
    });

    [KernelFact]
    public void A_name_without_a_certificate_is_told_so_by_an_alert()
    {
        var result = scene.OpenSsl(TerminatingStreamScene.Peer, "unknown.example.com");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("unrecognized name", result.Error, StringComparison.Ordinal);
        scene.Everyport.AssertTells("ServerNameUnknown");
    }

    [KernelTheory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public void A_client_that_has_to_show_a_certificate_is_served_with_one_only(string version)
    {
        var client = scene.Authority.PathOf("client");
        var served = scene.OpenSsl(TerminatingStreamScene.Peer, "mutual.example.com", version, "-cert", client, "-key", client, "-cert_chain", client);
        Assert.Contains("127.0.0.1", served.Output, StringComparison.Ordinal);

        var refused = scene.OpenSsl(TerminatingStreamScene.Peer, "mutual.example.com", version);
        Assert.DoesNotContain("127.0.0.1", refused.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.ExitCode);
        scene.Everyport.AssertTells("for the certificate 'mutual' has failed (ClientCertificateMissing)");
        scene.Everyport.AssertTells($"Stream peer for {TerminatingStreamScene.Address}:{TerminatingStreamScene.Peer} from", "has not begun: ClientTlsFailed");
    }

    [KernelFact]
    public void A_client_that_does_not_trust_the_certificate_ends_it()
    {
        var result = scene.Namespace.TryExec("openssl", "s_client", "-connect", $"{TerminatingStreamScene.Address}:{TerminatingStreamScene.Peer}",
            "-servername", TerminatingStreamScene.Host, "-alpn", "smtp", "-verify_return_error");
        Assert.NotEqual(0, result.ExitCode);
        scene.Everyport.AssertTells("for the certificate 'web' has failed (Broken)");
    }

    [KernelFact]
    public void A_handshake_that_stops_half_way_is_ended() => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(TerminatingStreamScene.Address, TerminatingStreamScene.Peer);
        client.Send(RecordedHello.For(TerminatingStreamScene.Host, "h2"));
        try
        {
            TcpClients.ReceiveToEnd(client);
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        }
        scene.Everyport.AssertTells("for the certificate 'web' has failed (TimedOut)");
    });

    [KernelFact]
    public void A_stream_that_is_idle_for_too_long_is_ended() => scene.AsClient(TerminatingStreamScene.Idle, (_, tls) =>
    {
        Assert.Throws<IOException>(() => tls.ReadByte());
        scene.Everyport.AssertTells("Stream idle to tcp://127.0.0.1:4501", "ended: Idle");
    });

    [KernelFact]
    public void Where_the_destination_cannot_be_reached_the_connection_breaks() => scene.AsClient(TerminatingStreamScene.Dead, (_, tls) =>
    {
        Assert.Throws<IOException>(() => tls.ReadByte());
        scene.Everyport.AssertTells("Stream dead: cannot reach tcp://127.0.0.1:4599", "DestinationUnreachable");
    });

    [KernelFact]
    public void The_limit_of_the_stream_holds() => scene.AsClient(TerminatingStreamScene.Few, (_, first) =>
    {
        first.Write("x"u8);
        Assert.Equal('x', first.ReadByte());
        Assert.ThrowsAny<IOException>(() => scene.AsClient(TerminatingStreamScene.Few, (_, _) => { }));
    });

    [KernelFact]
    public void Neither_a_handshake_nor_a_stream_keeps_the_proxy_from_stopping()
    {
        using var own = new TerminatingStreamScene();
        using var shaking = own.Namespace.Run(() => TcpClients.Connect(TerminatingStreamScene.Address, TerminatingStreamScene.Peer));
        shaking.Send(RecordedHello.For(TerminatingStreamScene.Host, "h2"));
        Assert.Equal(1, shaking.Receive(new byte[1]));
        own.AsClient(TerminatingStreamScene.Echo, (_, tls) =>
        {
            tls.Write("x"u8);
            Assert.Equal('x', tls.ReadByte());
            Assert.Equal(0, own.Everyport.Stop());
            Assert.Throws<IOException>(() => tls.ReadByte());
        });
        Assert.DoesNotContain(own.Everyport.Messages, message => message.Contains("has failed", StringComparison.Ordinal));
    }
}
