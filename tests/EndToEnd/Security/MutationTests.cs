using System.Globalization;
using System.Text;
using System.Text.Json;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>
/// Good requests on one connection, damaged at random: whatever reaches the origin is a request that the client has sent by a strict reading of
/// its bytes, or by one that allows what <see cref="SmugglingTests.Forwarded"/> lists. A body that has another request in it shows where the end of
/// one was found wrongly.
/// </summary>
public sealed class MutationTests(SecurityScene scene) : IClassFixture<SecurityScene>
{
    private const int Connections = 150;

    private static readonly string[] Pieces =
    [
        "\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", "\0", ":", ";", ",", "\"", "+", "-", "0", "5", "a", "\v", "\x80", "0\r\n\r\n", "chunked", "identity", ", chunked", ";a=b", ";a=\"\r\n\"",
        "Content-Length: 5\r\n", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: x\r\n", "Transfer-Encoding:\r\n chunked\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n", "Host: b\r\n",
        "Upgrade: websocket\r\nConnection: upgrade\r\n", "Expect: 100-continue\r\n", "X-Content-Length: 3\r\n", " HTTP/1.0", " HTTP/1.1\r\nHost: a\r\n\r\n",
    ];

    [KernelTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_origin_sees_only_what_the_client_has_sent(int seed)
    {
        var random = new Random(seed);
        var meant = new HashSet<(string Method, string Target, string Body)>();
        var sent = new List<string>();
        scene.Origin.Requests.Clear();
        scene.Namespace.Run(() =>
        {
            for (var number = 0; number < Connections; number++)
            {
                sent.Add(Damaged(random, $"{seed}-{number}."));
                var bytes = Encoding.Latin1.GetBytes(sent[^1]);
                foreach (var request in StrictReader.ReadAll(bytes))
                    meant.Add((request.Method, request.Target, request.Body));
                using var socket = TcpClients.Connect(SecurityScene.Address, SecurityScene.Plain);
                SecurityScene.Exchange(socket, bytes, isAll: true);
            }
        });
        scene.AssertServesOthers();
        meant.Add(("GET", "/", ""));

        Assert.True(scene.Origin.Violations.IsEmpty, string.Join(", ", scene.Origin.Violations));
        if (scene.Origin.Requests.FirstOrDefault(seen => !meant.Contains((seen.Method, seen.Target, seen.Body))) is { } odd)
        {
            var name = odd.Target.Split('-', 2)[^1];
            Assert.Fail($"the origin saw {odd}, and sent was {string.Join("\nor ", sent.Where(text => text.Contains(name, StringComparison.Ordinal)).Select(text => JsonSerializer.Serialize(text)))}");
        }
        Assert.True(scene.Origin.Requests.Count > Connections, "hardly anything got through: this has tested nothing");
        scene.AssertLogsNoException();
    }

    /// <summary>The first request tells the proxy that this is HTTP, and is left alone.</summary>
    private static string Damaged(Random random, string name)
    {
        var bait = $"GET /smuggled-{name} HTTP/1.1\r\nHost: a\r\n\r\n";
        var text = new StringBuilder(
            $"POST /a-{name} HTTP/1.1\r\nHost: a\r\nContent-Length: {bait.Length}\r\nX: y\r\n\r\n{bait}"
            + $"POST /b-{name} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n{bait.Length:x}\r\n{bait}\r\n0\r\n\r\n"
            + $"GET /c-{name} HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n");
        for (var damages = random.Next(1, 4); damages > 0; damages--)
            Damage(random, text);
        return string.Create(CultureInfo.InvariantCulture, $"GET /first-{name} HTTP/1.1\r\nHost: a\r\n\r\n{text}");
    }

    private static void Damage(Random random, StringBuilder text)
    {
        // The heads are where it matters: the ends of lines, and what is around colons.
        var places = Enumerable.Range(0, text.Length).Where(place => text[place] is '\r' or '\n' or ':' or ' ').ToArray();
        var place = random.Next(3) == 0 || places.Length == 0 ? random.Next(text.Length) : Math.Min(places[random.Next(places.Length)] + random.Next(2), text.Length - 1);
        switch (random.Next(4))
        {
            case 0:
                text.Remove(place, Math.Min(random.Next(1, 4), text.Length - place));
                break;
            case 1:
                var piece = Pieces[random.Next(Pieces.Length)];
                text[place] = piece[0];
                break;
            default:
                text.Insert(place, Pieces[random.Next(Pieces.Length)]);
                break;
        }
    }
}
