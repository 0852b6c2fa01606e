using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Explain;

/// <summary>
/// A proxy with a configuration of chance, and behind each of its routes an origin that answers with the name of the route. Another program listens
/// on some ports, for what is not steered.
/// </summary>
public sealed class RandomScene : Scene
{
    public const string Local = "local";
    public static readonly int[] Ports = [80, 443, 5000, 5432, 8080], LocalPorts = [80, 5000];
    public static readonly string[] Addresses = ["198.51.100.1", "198.51.100.9", "198.51.100.66", "198.51.100.130", "203.0.113.5"];
    public static readonly string[] Names = ["a.example.com", "b.example.com", "x.y.example.com"], Hosts = ["a.example.com", "c.example.com"];
    public static readonly string[] Sources = ["127.0.0.1", "127.0.0.2", "127.0.0.3"], Paths = ["/", "/api/x", "/api", "/other?q=1"];

    private const int Streams = 6, Routes = 5, Flows = 2, FirstOrigin = 7000;
    private static readonly string[] SomePrefixes = ["198.51.100.0/24", "198.51.100.0/25", "198.51.100.8/29", "198.51.100.66", "198.51.100.128/26", "203.0.113.0/24"];
    private static readonly string[] SomePorts = ["80", "80,443", "5000-6000", "1-1000", "443,8080", "5432"];

    public RandomScene() => Arrange(() =>
    {
        // No rule may steer it to the proxy, and then nobody else makes it local.
        Namespace.Ip("route", "add", "local", "203.0.113.0/24", "dev", "lo");
        foreach (var port in LocalPorts)
            Own(TcpServer.With(Namespace, "0.0.0.0", port, connection => Answer(connection, Local)));
        string configuration;
        do
            configuration = Choose(new Random(++Seed)).ToJsonString();
        while (!IsValid(configuration));
        Everyport = Own(RunningEveryport.Start(Namespace, configuration));
    });

    /// <summary>What the chance began with.</summary>
    public int Seed { get; private set; } = Environment.TickCount;

    internal RunningEveryport Everyport { get; private set; } = null!;

    private static JsonObject Choose(Random random)
    {
        string[] streams = [.. Enumerable.Range(0, Streams).Select(number => $"s{number}")], routes = [.. Enumerable.Range(0, Routes).Select(number => $"h{number}")], flows = [.. Enumerable.Range(0, Flows).Select(number => $"u{number}")];
        var clusters = new JsonObject();
        foreach (var (name, number) in streams.Concat(routes).Concat(flows).Select((name, number) => (name, number)))
            clusters[name] = new JsonObject { ["Destinations"] = new JsonObject { ["a"] = new JsonObject { ["Address"] = $"{(name[0] switch { 's' => "tcp", 'h' => "http", _ => "udp" })}://127.0.0.1:{FirstOrigin + number}" } } };
        var rules = new JsonObject { ["edge"] = new JsonObject { ["Prefixes"] = new JsonArray("198.51.100.0/24") } };
        foreach (var prefix in SomePrefixes.Skip(1))
        {
            if (random.Next(4) > 0)
                rules[$"r{rules.Count}"] = new JsonObject { ["Prefixes"] = new JsonArray(prefix), ["Ports"] = Pick(random, SomePorts), ["Action"] = Pick(random, ["Proxy", "Proxy", "Drop", "Pass"]) };
        }
        var configuration = new JsonObject
        {
            ["Steering"] = new JsonObject { ["Rules"] = rules, ["DenySources"] = new JsonArray("127.0.0.3/32") },
            ["ReverseProxy"] = new JsonObject { ["Clusters"] = clusters, ["Routes"] = new JsonObject(routes.Select(name => KeyValuePair.Create(name, (JsonNode?)RouteFor(name, random)))) },
            ["Streams"] = new JsonObject(streams.Select(name => KeyValuePair.Create(name, (JsonNode?)StreamFor(name, random, "tcp"))).Concat(flows.Select(name => KeyValuePair.Create(name, (JsonNode?)StreamFor(name, random, "udp"))))),
        };
        return configuration;
    }

    private static JsonObject StreamFor(string name, Random random, string protocol)
    {
        var match = Place(random);
        match["Protocol"] = protocol;
        if (protocol == "tcp" && random.Next(3) == 0)
            match["Sni"] = Pick(random, ["a.example.com", "*.example.com", "*.y.example.com"]);
        return new JsonObject { ["ClusterId"] = name, ["Match"] = match, ["Order"] = random.Next(8) == 0 ? -1 : 0 };
    }

    private static JsonObject RouteFor(string name, Random random)
    {
        var match = Place(random);
        match["Path"] = Pick(random, ["/{**rest}", "/{**rest}", "/api/{**rest}"]);
        if (random.Next(3) == 0)
            match["Hosts"] = new JsonArray(Pick(random, ["a.example.com", "*.example.com"]));
        if (random.Next(5) == 0)
            match["Methods"] = new JsonArray("POST");
        return new JsonObject { ["ClusterId"] = name, ["Match"] = match, ["Order"] = random.Next(8) == 0 ? 1 : 0 };
    }

    private static JsonObject Place(Random random)
    {
        var match = new JsonObject();
        if (random.Next(2) == 0)
            match["Ports"] = Pick(random, SomePorts);
        if (random.Next(2) == 0)
            match["Addresses"] = new JsonArray(Pick(random, SomePrefixes));
        if (random.Next(4) == 0)
            match["Sources"] = new JsonArray("127.0.0.2");
        return match;
    }

    private bool IsValid(string configuration)
    {
        using var directory = new TemporaryDirectory();
        if (Command.Try(EveryportProgram.Path, "check", "--config", directory.Write("a.json", configuration)).ExitCode != 0)
            return false;
        foreach (var (name, cluster) in JsonNode.Parse(configuration)!["ReverseProxy"]!["Clusters"]!.AsObject())
        {
            var port = new Uri(cluster!["Destinations"]!["a"]!["Address"]!.ToString()).Port;
            if (name[0] == 'u')
                Own(new UdpServer(Namespace, port, (socket, from, _) => socket.SendTo(Encoding.ASCII.GetBytes(name), from)));
            else
                Own(TcpServer.With(Namespace, "127.0.0.1", port, connection => Answer(connection, name)));
        }
        return true;
    }

    /// <summary>To whatever is asked: HTTP gets an answer of HTTP, everybody else the name alone.</summary>
    private static void Answer(System.Net.Sockets.Socket connection, string name)
    {
        var asked = new byte[16 * 1024];
        var length = connection.Receive(asked);
        var isHttp = Encoding.ASCII.GetString(asked, 0, length).Contains(" HTTP/1.1\r\n", StringComparison.Ordinal);
        connection.Send(Encoding.ASCII.GetBytes(isHttp ? string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Length: {name.Length}\r\nConnection: close\r\n\r\n{name}") : name));
        connection.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        while (connection.Receive(asked) > 0)
        {
        }
    }

    private static string Pick(Random random, string[] values) => values[random.Next(values.Length)];
}
