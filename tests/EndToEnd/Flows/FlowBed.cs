using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>A namespace in which a proxy serves 198.51.0.0/16, and whatever else a test needs; all of it goes in reverse order.</summary>
internal sealed class FlowBed : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    public NetworkNamespace Namespace { get; } = new();

    public RunningEveryport Everyport { get; private set; } = null!;

    /// <summary>Starts the proxy with sections of clusters, streams and limits. It tells everything it does to single datagrams.</summary>
    public FlowBed Start(string clusters, string streams, string limits = "")
    {
        Everyport = Own(RunningEveryport.Start(Namespace,
            $$"""
            {
              "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.0.0/16"] } } },
              "ReverseProxy": { "Clusters": { {{clusters}} } },
              "Streams": { {{streams}} },
              "Limits": { {{limits}} },
              "Logging": { "LogLevel": { "Everyport.Proxy.Flows": "Debug" } }
            }
            """));
        return this;
    }

    public T Own<T>(T resource) where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    /// <summary>A cluster with one destination.</summary>
    public static string Cluster(string name, string address) => $$"""  "{{name}}": { "Destinations": { "a": { "Address": "{{address}}" } } } """;

    public int Descriptors() => Directory.EnumerateFiles($"/proc/{Everyport.Id}/fd").Count();

    /// <summary>How often the log has said something.</summary>
    public int Told(string text) => Everyport.Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));

    public void Dispose()
    {
        foreach (var owned in _owned.AsEnumerable().Reverse())
            owned.Dispose();
        Namespace.Dispose();
    }
}
