using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Http.Protocols;

/// <summary>Clients of HTTP/1.0, connections that are kept, and requests that do not wait for answers.</summary>
public sealed class OldClientTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    private const int Many = 50;

    public static TheoryData<int> Ports => [10_080, 20_080];

    [KernelTheory]
    [MemberData(nameof(Ports))]
    public void A_client_of_HTTP_1_0_gets_no_chunks_but_the_end_of_the_connection(int port) => With(port, client =>
    {
        RawHttp.Write(client, "GET /chunks/100000 HTTP/1.0\r\n\r\n");
        var head = RawHttp.ReadHead(client);
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer-Encoding", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(100_000, RawHttp.ReadToEnd(client).Length);
    });

    [KernelTheory]
    [MemberData(nameof(Ports))]
    public void A_client_of_HTTP_1_0_that_asks_for_it_keeps_its_connection(int port) => With(port, client =>
    {
        for (var i = 0; i < 3; i++)
        {
            RawHttp.Write(client, "GET /bytes/1000 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Assert.Contains("Connection: keep-alive\r\n", RawHttp.ReadHead(client), StringComparison.OrdinalIgnoreCase);
            Assert.Equal(1000, RawHttp.Read(client, 1000).Length);
        }
        RawHttp.Write(client, "GET /bytes/1000 HTTP/1.0\r\n\r\n");
        RawHttp.ReadHead(client);
        Assert.Equal(1000, RawHttp.ReadToEnd(client).Length);
    });

    [KernelTheory]
    [MemberData(nameof(Ports))]
    public void A_connection_is_kept_until_the_client_wants_it_closed(int port) => With(port, client =>
    {
        for (var i = 0; i < 3; i++)
        {
            RawHttp.Write(client, "GET /bytes/1000 HTTP/1.1\r\nHost: test\r\n\r\n");
            Assert.DoesNotContain("Connection: close", RawHttp.ReadHead(client), StringComparison.OrdinalIgnoreCase);
            Assert.Equal(1000, RawHttp.Read(client, 1000).Length);
        }
        RawHttp.Write(client, "GET /bytes/1000 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
        Assert.Contains("Connection: close\r\n", RawHttp.ReadHead(client), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1000, RawHttp.ReadToEnd(client).Length);
    });

    [KernelTheory]
    [MemberData(nameof(Ports))]
    public void Requests_that_do_not_wait_are_answered_in_their_order(int port) => With(port, client =>
    {
        RawHttp.Write(client, string.Concat(Enumerable.Range(1, Many).Select(i =>
            i % 2 == 0 ? $"GET /bytes/{i * 100} HTTP/1.1\r\nHost: test\r\n\r\n" : $"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {i}\r\n\r\n{new string('e', i)}")));
        for (var i = 1; i <= Many; i++)
        {
            var head = RawHttp.ReadHead(client);
            Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
            if (i % 2 == 0)
            {
                Assert.Contains($"Content-Length: {i * 100}\r\n", head, StringComparison.Ordinal);
                RawHttp.Read(client, i * 100);
            }
            else
            {
                Assert.Equal($"{i:x}\r\n{new string('e', i)}\r\n0\r\n\r\n", RawHttp.Read(client, $"{i:x}".Length + i + 9));
            }
        }
    });

    private void With(int port, Action<Socket> talk) => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(PartiesScene.Address, port);
        talk(client);
    });
}
