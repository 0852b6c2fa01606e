using System.Net;
using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Http.Protocols;

/// <summary><c>Expect: 100-continue</c> (RFC 9110, section 10.1.1) and other answers before the answer.</summary>
public sealed class ExpectTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    private const string Body = "a body";

    public static TheoryData<string, int> AllWays => Ways.All;

    [KernelFact]
    public void The_client_is_asked_for_its_body_after_the_origin_has_asked_for_it()
    {
        using var asked = new ManualResetEventSlim();
        using var origin = TcpServer.With(scene.Namespace, "127.0.0.1", 30_020, connection =>
        {
            Assert.Contains("Expect: 100-continue\r\n", RawHttp.ReadHead(connection), StringComparison.OrdinalIgnoreCase);
            asked.Set();
            RawHttp.Write(connection, "HTTP/1.1 100 Continue\r\n\r\n");
            RawHttp.Write(connection, $"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {Body.Length}\r\n\r\n{RawHttp.Read(connection, Body.Length)}");
        });
        scene.Namespace.Run(() =>
        {
            using var client = Ask(30_020, "/", Body.Length);
            Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", RawHttp.ReadHead(client));
            Assert.True(asked.IsSet);
            RawHttp.Write(client, Body);
            Assert.StartsWith("HTTP/1.1 200 ", RawHttp.ReadHead(client), StringComparison.Ordinal);
            Assert.Equal(Body, RawHttp.Read(client, Body.Length));
        });
    }

    [KernelTheory]
    [InlineData(10_080)]
    [InlineData(20_080)]
    public void A_body_that_the_origin_refuses_is_not_asked_for(int port) => scene.Namespace.Run(() =>
    {
        // An origin that takes more than a second to refuse it is not waited for, as a client would not wait.
        var head = "";
        Eventually.Holds(() =>
        {
            // One of a few bytes is asked for: to send it costs less than another connection to the origin.
            using var client = Ask(port, "/refuse", 100_000);
            head = RawHttp.ReadHead(client);
            return head.StartsWith("HTTP/1.1 413 ", StringComparison.Ordinal);
        }, () => head);
    });

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_client_that_expects_to_be_asked_is_asked(string version, int port)
    {
        using var client = scene.NewClient(Ways.Version(version));
        using var request = new HttpRequestMessage(HttpMethod.Post, Ways.Url(port, "/digest")) { Content = new StringContent(Body), Version = Ways.Version(version) };
        request.Headers.ExpectContinue = true;
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith($"{Body.Length} ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Early_hints_are_left_out_and_the_answer_arrives(string version)
    {
        using var origin = TcpServer.With(scene.Namespace, "127.0.0.1", 30_021, connection =>
        {
            RawHttp.ReadHead(connection);
            RawHttp.Write(connection, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\ndone");
        });
        using var client = scene.NewClient(Ways.Version(version));
        using var answer = await client.GetAsync(Ways.Url(30_021, "/"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Link"));
        Assert.Equal("done", await answer.Content.ReadAsStringAsync());
    }

    private static Socket Ask(int port, string path, int length)
    {
        var client = TcpClients.Connect(PartiesScene.Address, port);
        RawHttp.Write(client, $"POST {path} HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n");
        return client;
    }
}
