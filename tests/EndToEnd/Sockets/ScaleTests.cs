using System.Collections.Concurrent;
using System.Net;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Sockets;

/// <summary>Every port of every address, as far as random choice reaches.</summary>
public sealed class ScaleTests : IDisposable
{
    private const int Requests = 10_000, Threads = 4;

    private readonly NetworkNamespace _namespace = new();

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void Requests_to_random_ports_and_addresses_all_arrive_with_their_true_destination()
    {
        using var everyport = RunningEveryport.Start(_namespace,
            """
            {
              "Steering": { "Rules": { "v4": { "Prefixes": ["198.18.0.0/16"] }, "v6": { "Prefixes": ["2001:db8:7::/48"] } } },
              "ReverseProxy": {
                "Routes": { "web": { "ClusterId": "demo", "Match": { "Path": "{**rest}" }, "Transforms": [{ "Forwarded": "for,by", "ForFormat": "IpAndPort", "ByFormat": "IpAndPort" }] } },
                "Clusters": { "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } } }
              },
              "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
            }
            """);
        var failures = new ConcurrentQueue<string>();
        var threads = Enumerable.Range(0, Threads)
            .Select(seed => new Thread(() => _namespace.Run(() => Ask(new Random(seed), failures))))
            .ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Empty(failures);
    }

    private static void Ask(Random random, ConcurrentQueue<string> failures)
    {
        for (var i = 0; i < Requests / Threads; i++)
        {
            var (address, port) = (i % 2 == 0 ? RandomIPv4(random) : RandomIPv6(random), random.Next(1, 65536));
            var expected = new IPEndPoint(IPAddress.Parse(address), port).ToString();
            try
            {
                var response = HttpClient10.Get(address, port);
                var destination = response.Status == 200 ? DemoAnswer.Parse(response.Body).OriginalDestination : $"status {response.Status}";
                if (destination != expected)
                    failures.Enqueue($"{expected}: {destination}");
            }
            catch (Exception e)
            {
                failures.Enqueue($"{expected}: {e.Message}");
            }
        }
    }

    private static string RandomIPv4(Random random) => $"198.18.{random.Next(256)}.{random.Next(256)}";

    private static string RandomIPv6(Random random)
    {
        var bytes = IPAddress.Parse("2001:db8:7::").GetAddressBytes();
        random.NextBytes(bytes.AsSpan(6));
        return new IPAddress(bytes).ToString();
    }
}
