using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>One proxy with a UDP stream to the demo echo, for all tests of a class.</summary>
public sealed class FlowScene : IDisposable
{
    private readonly RunningEveryport _everyport;

    public FlowScene()
    {
        try
        {
            _everyport = RunningEveryport.Start(Namespace,
                """
                {
                  "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.0.0/16", "2001:db8:7::/48"] } } },
                  "ReverseProxy": { "Clusters": { "echo": { "Destinations": { "built-in": { "Address": "udp://127.0.0.1:9466" } } } } },
                  "Streams": { "echo": { "ClusterId": "echo", "Match": { "Protocol": "udp" } } },
                  "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
                }
                """);
        }
        catch
        {
            Namespace.Dispose();
            throw;
        }
    }

    public NetworkNamespace Namespace { get; } = new();

    public void Dispose()
    {
        _everyport.Dispose();
        Namespace.Dispose();
    }
}
