using System.Globalization;

namespace Everyport.EndToEnd.Tests.Http.Forwarded;

/// <summary>What the origin learns of the client, whatever the client speaks: who it is, what it dialled, and whether by TLS.</summary>
public sealed class ForwardedTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    public static TheoryData<string, string, string, int> Clients
    {
        get
        {
            var clients = new TheoryData<string, string, string, int>();
            foreach (var (scheme, option) in ((string, string)[])[("http", "--http1.1"), ("http", "--http2-prior-knowledge"), ("https", "--http1.1"), ("https", "--http2")])
            {
                foreach (var port in (int[])[12_345, 23_456])
                {
                    clients.Add(scheme, option, "127.0.0.1", port);
                    clients.Add(scheme, option, "::1", port);
                }
            }
            return clients;
        }
    }

    [KernelTheory]
    [MemberData(nameof(Clients))]
    public void The_origin_learns_the_client_the_scheme_the_host_and_the_port(string scheme, string option, string client, int port)
    {
        var host = client.Contains(':', StringComparison.Ordinal) ? "[2001:db8:7::5]" : PartiesScene.Address;
        var told = scene.Namespace.Exec("curl", "-sSk", "--max-time", "60", option, "--interface", client,
            "-H", "X-Forwarded-For: 203.0.113.9", "-H", "X-Forwarded-Proto: gopher", "-H", "X-Forwarded-Host: elsewhere", "-H", "X-Forwarded-Port: 1", "-H", "Forwarded: for=203.0.113.9",
            $"{scheme}://{host}:{port}/request").Split(["\r\n", "\n"], StringSplitOptions.None);

        var expected = new Dictionary<string, string>
        {
            ["X-Forwarded-For"] = client,
            ["X-Forwarded-Proto"] = scheme,
            ["X-Forwarded-Host"] = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"),
            ["X-Forwarded-Port"] = port.ToString(CultureInfo.InvariantCulture),
            ["protocol"] = port < 20_000 ? "HTTP/1.1" : "HTTP/2",
            // Its own: the TLS ended before.
            ["scheme"] = "http",
        };
        foreach (var (name, value) in expected)
            Assert.Equal($"{name}: {value}", told.Single(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase)), ignoreCase: true);
        Assert.DoesNotContain(told, line => line.Contains("203.0.113.9", StringComparison.Ordinal) || line.Contains("::ffff:", StringComparison.Ordinal));
    }
}
