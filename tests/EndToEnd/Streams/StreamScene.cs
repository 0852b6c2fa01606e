using System.Collections.Concurrent;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Streams;

/// <summary>One proxy with streams to servers of several manners, for all tests of a class.</summary>
public sealed class StreamScene : IDisposable
{
    public const string Address = "127.100.1.2", Banner = "220 mail.example.com ESMTP\r\n", Partial = "half of what was to come";

    private readonly List<IDisposable> _owned = [];

    public StreamScene()
    {
        try
        {
            Own(TcpServer.WithBanner(Namespace, "127.0.0.1", 2500, Banner));
            Own(TcpServer.WithBanner(Namespace, "127.0.0.1", 7001, "seven thousand one"));
            Own(TcpServer.WithBanner(Namespace, "127.0.0.1", 7002, "seven thousand two"));
            Own(TcpServer.ThatBreaks(Namespace, "127.0.0.1", 2600, Partial));
            Own(TcpServer.ThatWatches(Namespace, "127.0.0.1", 2700, Endings.Add));
            Own(RunningEveryport.Start(Namespace, Configuration));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkNamespace Namespace { get; } = new();

    /// <summary>How the connections to the watching server have ended.</summary>
    public BlockingCollection<string> Endings { get; } = [];

    public void Dispose()
    {
        foreach (var owned in _owned.AsEnumerable().Reverse())
            owned.Dispose();
        Namespace.Dispose();
    }

    private void Own(IDisposable owned) => _owned.Add(owned);

    /// <summary>The time to sniff is longer than any test waits: nothing can pass because it is over.</summary>
    private const string Configuration =
        """
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
          "ReverseProxy": {
            "Routes": { "web": { "ClusterId": "demo", "Match": { "Path": "{**rest}" } } },
            "Clusters": {
              "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } },
              "echo": { "Destinations": { "built-in": { "Address": "tcp://127.0.0.1:9466" } } },
              "mail": { "Destinations": { "a": { "Address": "tcp://localhost:2500" } } },
              "same-port": { "Destinations": { "a": { "Address": "tcp://127.0.0.1:{port}" } } }
            }
          },
          "Streams": {
            "mail": { "ClusterId": "mail", "Match": { "Ports": "25,465,587" } },
            "same-port": { "ClusterId": "same-port", "Match": { "Ports": "2600,2700,7001-7003" } },
            "rest": { "ClusterId": "echo" }
          },
          "Limits": { "SniffTimeout": "00:10:00" },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;
}
