using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>Random bytes wherever a client can send any: the proxy goes on serving others, and takes no more memory.</summary>
public sealed class RandomBytesTests(SecurityScene scene) : IClassFixture<SecurityScene>
{
    private const int Connections = 100, MostBytes = 3000;
    private const long MostGrowth = 128 << 20;

    /// <summary>What leads deeper in than random bytes would find.</summary>
    public static TheoryData<string, int, byte[]> Ways => new()
    {
        { "nothing", SecurityScene.Plain, [] },
        { "a method", SecurityScene.Plain, "GET "u8.ToArray() },
        { "a request line", SecurityScene.Plain, "GET / HTTP/1.1\r\n"u8.ToArray() },
        { "the beginning of a chunked body", SecurityScene.Plain, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray() },
        { "the preface of HTTP/2", SecurityScene.Plain, Preface },
        { "the preface and settings", SecurityScene.Plain, [.. Preface, .. Http2Wire.Make(Http2Wire.Settings, 0, 0, [])] },
        { "the beginning of headers of HTTP/2", SecurityScene.Plain, [.. Preface, .. Http2Wire.Make(Http2Wire.Settings, 0, 0, []), 0, 1, 0, Http2Wire.Headers, Http2Wire.EndHeaders, 0, 0, 0, 1] },
        { "a record of TLS", SecurityScene.Plain, [0x16, 3, 1, 2, 0] },
        { "the beginning of a ClientHello", SecurityScene.Plain, [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3] },
        { "no PROXY header", SecurityScene.Headed, [] },
        { "the beginning of a PROXY header of text", SecurityScene.Headed, "PROXY TCP4 "u8.ToArray() },
        { "the signature of a binary PROXY header", SecurityScene.Headed, [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11] },
        { "a whole PROXY header", SecurityScene.Headed, "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"u8.ToArray() },
        { "a PROXY header and a request line", SecurityScene.Headed, "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\n"u8.ToArray() },
    };

    private static byte[] Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    [KernelTheory]
    [MemberData(nameof(Ways))]
    public void They_harm_nobody_after(string what, int port, byte[] beginning) => AssertHarmless(what.Length, random =>
    {
        using var socket = TcpClients.Connect(SecurityScene.Address, port);
        SecurityScene.Exchange(socket, [.. beginning, .. Bytes(random)], isAll: true);
    });

    [KernelTheory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public void They_harm_nobody_inside_of_TLS(string protocol) => AssertHarmless(protocol.Length, random =>
    {
        using var socket = TcpClients.Connect(SecurityScene.Address, SecurityScene.Plain);
        using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=a");
        try
        {
            tls.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = SecurityScene.HostName,
                ApplicationProtocols = [new SslApplicationProtocol(protocol)],
            });
            tls.Write(protocol == "h2" ? [.. Preface, .. Bytes(random)] : Bytes(random));
            socket.Shutdown(SocketShutdown.Send);
            while (tls.Read(new byte[1000]) > 0) { }
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // As good an end as any.
        }
    });

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(MostBytes)];
        random.NextBytes(bytes);
        return bytes;
    }

    private void AssertHarmless(int seed, Action<Random> attack)
    {
        scene.AssertServesOthers();
        var before = ProcessFacts.Resident(scene.Everyport.Id);
        scene.Namespace.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < Connections; i++)
                attack(random);
        });
        scene.AssertServesOthers();
        Assert.True(scene.Origin.Violations.IsEmpty, string.Join(", ", scene.Origin.Violations));
        Assert.InRange(ProcessFacts.Resident(scene.Everyport.Id), 0, before + MostGrowth);
        scene.AssertLogsNoException();
    }
}
