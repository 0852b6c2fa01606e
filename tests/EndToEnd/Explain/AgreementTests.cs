using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Explain;

/// <summary>What the running proxy explains is what happens: random connections to a proxy with a random configuration.</summary>
public sealed class AgreementTests(RandomScene scene) : IClassFixture<RandomScene>
{
    private const int Connections = 200;

    [KernelFact]
    public void What_is_explained_happens() => scene.Namespace.Run(() =>
    {
        var random = new Random(scene.Seed);
        var outcomes = new Dictionary<string, int>();
        for (var i = 0; i < Connections; i++)
        {
            var (address, port, source) = (Pick(random, RandomScene.Addresses), RandomScene.Ports[random.Next(RandomScene.Ports.Length)], Pick(random, RandomScene.Sources));
            var (expected, happened, question) = random.Next(8) switch
            {
                0 => Udp(address, port),
                1 or 2 => Tcp(address, port, source, "raw\n"u8.ToArray(), ""),
                3 or 4 => Tls(random, address, port, source),
                _ => Http(random, address, port, source),
            };
            Assert.True(expected == happened, $"Explained: {expected}. Happened: {happened}. Asked: {question}. Seed {scene.Seed}.");
            outcomes[expected] = outcomes.GetValueOrDefault(expected) + 1;
        }
        Assert.True(outcomes.Count > 3, $"Chance was not varied enough: {string.Join(", ", outcomes)}");
    });

    [KernelFact]
    public void The_command_asks_the_running_proxy_and_explains_from_the_file()
    {
        var running = Explain("--running");
        Assert.Equal("Pass", running.GetProperty("outcome").GetString());
        var offline = Explain();
        Assert.Equal(running.GetProperty("rule").GetString(), offline.GetProperty("rule").GetString());

        JsonElement Explain(params string[] more) =>
            JsonDocument.Parse(scene.Namespace.Exec(EveryportProgram.Path, ["explain", "tcp", "127.0.0.1:9464", "--json", .. more])).RootElement;
    }

    private static (string, string, string) Http(Random random, string address, int port, string source)
    {
        var (host, path, method) = (Pick(random, RandomScene.Hosts), Pick(random, RandomScene.Paths), Pick(random, ["GET", "POST"]));
        return Tcp(address, port, source, Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            $"&host={host}&path={Uri.EscapeDataString(path)}&method={method}");
    }

    private static (string, string, string) Tls(Random random, string address, int port, string source)
    {
        var name = Pick(random, RandomScene.Names);
        return Tcp(address, port, source, RecordedHello.For(name), $"&sni={name}");
    }

    private static (string, string, string) Tcp(string address, int port, string source, byte[] said, string more)
    {
        var question = $"protocol=tcp&destination={address}:{port}&source={source}{more}";
        return (Expect(Explain(question), port), Try(address, port, source, said), question);
    }

    /// <summary>Only what is answered: to wait for nothing takes long.</summary>
    private static (string, string, string) Udp(string address, int port)
    {
        var question = $"protocol=udp&destination={address}:{port}&source=127.0.0.1";
        var expected = Expect(Explain(question), 0);
        if (!expected.StartsWith('u'))
            return (expected, expected, question);
        using var client = UdpClients.Connect(address, port);
        return (expected, Encoding.ASCII.GetString(UdpClients.Ask(client, "question"u8)), question);
    }

    private static JsonElement Explain(string question)
    {
        var answer = HttpClient10.Get("127.0.0.1", 9464, $"/api/explain?{question}");
        Assert.Equal(200, answer.Status);
        return JsonDocument.Parse(answer.Body).RootElement;
    }

    /// <summary>The name of the route, a status of HTTP, <c>local</c> for another program, or <c>refused</c>.</summary>
    private static string Expect(JsonElement explanation, int port)
    {
        var outcome = explanation.GetProperty("outcome").GetString();
        // Without a word about them, the bytes are none of a protocol that is known.
        if (outcome == "FirstBytesDecide")
            (explanation, outcome) = explanation.GetProperty("cases").EnumerateArray().Select(open => (open, open.GetProperty("outcome").GetString())).Last();
        return outcome switch
        {
            "Stream" or "Http" => explanation.GetProperty("route").GetString()!,
            "HttpError" => explanation.GetProperty("status").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture),
            "Pass" or "NoRule" when RandomScene.LocalPorts.Contains(port) => RandomScene.Local,
            "Pass" or "NoRule" or "Drop" or "Denied" or "NoRoute" => "refused",
            _ => $"an outcome that this test does not know: {outcome}",
        };
    }

    private static string Try(string address, int port, string source, byte[] said)
    {
        try
        {
            using var client = TcpClients.Connect(address, port, source);
            client.Send(said);
            client.Shutdown(SocketShutdown.Send);
            var answer = Encoding.ASCII.GetString(TcpClients.ReceiveToEnd(client));
            return !answer.StartsWith("HTTP/", StringComparison.Ordinal) ? answer : answer.Split(' ')[1] is not "200" and var status ? status : answer.Split("\r\n\r\n")[1];
        }
        catch (SocketException)
        {
            return "refused";
        }
    }

    private static string Pick(Random random, string[] values) => values[random.Next(values.Length)];
}
