using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Http.Bodies;

/// <summary>Fields after a body: passed on to clients of HTTP/2, and left out, as RFC 9110 (section 6.5.1) allows, for those of HTTP/1.1.</summary>
public sealed class TrailerTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    private const string InChunks = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-Digest\r\n\r\n6\r\na body\r\n0\r\nX-Digest: of a body\r\n\r\n";

    [KernelTheory]
    [InlineData("2.0", 20_080, "of a body")]
    [InlineData("2.0", 30_030, "of a body")]
    [InlineData("1.1", 20_080, null)]
    [InlineData("1.1", 30_030, null)]
    public async Task Trailers_of_an_answer_arrive_where_the_client_can_take_them(string version, int port, string? expected)
    {
        using var origin = TcpServer.With(scene.Namespace, "127.0.0.1", 30_030, connection =>
        {
            RawHttp.ReadHead(connection);
            RawHttp.Write(connection, InChunks);
        });
        using var client = scene.NewClient(Ways.Version(version));
        using var answer = await client.GetAsync(Ways.Url(port, "/trailers"));
        Assert.Equal("a body", await answer.Content.ReadAsStringAsync());
        Assert.Equal(expected, answer.TrailingHeaders.TryGetValues("X-Digest", out var values) ? values.Single() : null);
    }

    [KernelTheory]
    [InlineData(10_080)]
    [InlineData(20_080)]
    public void Trailers_of_a_request_do_no_harm(int port) => scene.Namespace.Run(() =>
    {
        using var client = TcpClients.Connect(PartiesScene.Address, port);
        RawHttp.Write(client, "POST /digest HTTP/1.1\r\nHost: test\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-Digest\r\n\r\n6\r\na body\r\n0\r\nX-Digest: of a body\r\n\r\n");
        Assert.Contains("\r\n6 ", RawHttp.ReadToEnd(client), StringComparison.Ordinal);
    });
}
