using System.Net;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.Origin.Bodies;

namespace Everyport.EndToEnd.Tests.Http.Bodies;

/// <summary>Bodies arrive as they were sent, with their length told as it was told, whatever the versions of HTTP on both sides.</summary>
public sealed class BodyTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    private const int Length = 3 << 20;

    public static TheoryData<string, int> AllWays => Ways.All;

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_body_with_its_length_told_keeps_it(string version, int port)
    {
        using var client = scene.NewClient(Ways.Version(version));
        using var answer = await client.PostAsync(Ways.Url(port, "/digest"), new ByteArrayContent(await MakeAsync()));
        Assert.Equal($"{Length} {await Pattern.DigestAsync(Length)} length={Length} encoding= expect=", await answer.Content.ReadAsStringAsync());
    }

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public async Task A_body_in_chunks_stays_without_a_length(string version, int port)
    {
        using var client = scene.NewClient(Ways.Version(version));
        using var request = new HttpRequestMessage(HttpMethod.Post, Ways.Url(port, "/digest")) { Content = new ByteArrayContent(await MakeAsync()) };
        request.Content.Headers.ContentLength = null;
        request.Headers.TransferEncodingChunked = version == "1.1";
        request.Version = Ways.Version(version);
        using var answer = await client.SendAsync(request);
        var encoding = port < 20_000 ? "chunked" : "";
        Assert.StartsWith($"{Length} {await Pattern.DigestAsync(Length)} ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        if (version == "1.1")
            Assert.EndsWith($" length= encoding={encoding} expect=", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public async Task An_answer_arrives_as_it_was_made(string version, int port)
    {
        using var client = scene.NewClient(Ways.Version(version));
        foreach (var (path, length) in ((string, long?)[])[("bytes", Length), ("chunks", null)])
        {
            using var answer = await client.GetAsync(Ways.Url(port, $"/{path}/{Length}"), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(length, answer.Content.Headers.ContentLength);
            using var digest = new DigestStream();
            await answer.Content.CopyToAsync(digest);
            Assert.Equal(await Pattern.DigestAsync(Length), digest.ToHexString());
        }
    }

    // .NET's client, which the proxy uses, reads no answer from a server of HTTP/1.1 before it has sent everything.
    [KernelFact]
    public async Task What_comes_back_by_HTTP_2_begins_before_what_is_sent_has_ended()
    {
        using var client = scene.NewClient(HttpVersion.Version20);
        using var content = new PacedContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, Ways.Url(20_080, "/echo")) { Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        content.Send("first ");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[100];
        Assert.Equal(6, await stream.ReadAtLeastAsync(buffer, 6));
        content.Send("second");
        Assert.Equal(6, await stream.ReadAtLeastAsync(buffer, 6));
        content.End();
        Assert.Equal(0, await stream.ReadAsync(buffer));
    }

    [KernelFact]
    public void What_comes_back_by_HTTP_1_begins_before_what_is_sent_has_ended() => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(PartiesScene.Address, 20_080);
        RawHttp.Write(client, "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst \r\n");
        RawHttp.ReadHead(client);
        Assert.Equal("6\r\nfirst \r\n", RawHttp.Read(client, 11));
        RawHttp.Write(client, "6\r\nsecond\r\n");
        Assert.Equal("6\r\nsecond\r\n", RawHttp.Read(client, 11));
        RawHttp.Write(client, "0\r\n\r\n");
        Assert.Equal("0\r\n\r\n", RawHttp.Read(client, 5));
    });

    [KernelTheory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_small_piece_does_not_wait_for_the_next(string version)
    {
        var arrived = new TaskCompletionSource();
        using var origin = TcpServer.With(scene.Namespace, "127.0.0.1", 30_011, connection =>
        {
            RawHttp.ReadHead(connection);
            if (RawHttp.Read(connection, "6\r\nfirst \r\n".Length) == "6\r\nfirst \r\n")
                arrived.SetResult();
            RawHttp.Read(connection, "0\r\n\r\n".Length);
            RawHttp.Write(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\ndone");
        });
        using var client = scene.NewClient(Ways.Version(version));
        using var content = new PacedContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, Ways.Url(30_011, "/")) { Content = content, Version = Ways.Version(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        content.Send("first ");
        var answer = client.SendAsync(request);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
        content.End();
        Assert.Equal("done", await (await answer).Content.ReadAsStringAsync());
    }

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public async Task Answers_without_a_body_have_none(string version, int port)
    {
        using var client = scene.NewClient(Ways.Version(version));
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Ways.Url(port, "/bytes/1000")) { Version = Ways.Version(version) });
        Assert.Equal(1000, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        foreach (var (path, status) in ((string, HttpStatusCode)[])[("/status/204", HttpStatusCode.NoContent), ("/modified", HttpStatusCode.NotModified), ("/status/205", HttpStatusCode.ResetContent)])
        {
            using var answer = await client.GetAsync(Ways.Url(port, path));
            Assert.Equal(status, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }
        // Nothing is left on the connection that would spoil this.
        Assert.StartsWith("protocol: ", await client.GetStringAsync(Ways.Url(port, "/request")), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Not_modified_keeps_the_length_that_a_body_would_have()
    {
        using var origin = TcpServer.With(scene.Namespace, "127.0.0.1", 30_010, connection =>
        {
            while (RawHttp.ReadHead(connection).Length > 0)
                RawHttp.Write(connection, "HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\nETag: \"a\"\r\n\r\n");
        });
        scene.Namespace.Run(() =>
        {
            using var client = TcpClients.Connect(PartiesScene.Address, 30_010);
            for (var i = 0; i < 3; i++)
            {
                RawHttp.Write(client, "GET / HTTP/1.1\r\nHost: test\r\nIf-None-Match: \"a\"\r\n\r\n");
                var head = RawHttp.ReadHead(client);
                Assert.StartsWith("HTTP/1.1 304 ", head, StringComparison.Ordinal);
                Assert.Contains("ETag: \"a\"", head, StringComparison.Ordinal);
            }
        });
    }

    private static async Task<byte[]> MakeAsync()
    {
        using var body = new MemoryStream();
        await Pattern.WriteAsync(body, Length, CancellationToken.None);
        return body.ToArray();
    }
}
