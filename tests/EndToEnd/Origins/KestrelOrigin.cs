namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>The program of <c>tests/Origin</c>: ASP.NET Core with gRPC, WebSockets, events and bodies of any size, and what it noticed of them.</summary>
internal sealed class KestrelOrigin : IDisposable
{
    public const int Http1 = 7001, Http2 = 7002, Tls = 7003;

    private readonly ServerProgram _server;

    public KestrelOrigin(NetworkNamespace @namespace)
    {
        var directory = new TemporaryDirectory();
        Certificate = Path.Combine(directory.Path, "origin.pem");
        _server = ServerProgram.Start(@namespace, directory, Tls,
            Path.Combine(AppContext.BaseDirectory, "Everyport.Origin"), $"{Http1}", $"{Http2}", $"{Tls}", Certificate);
    }

    /// <summary>The file with its certificate for <c>origin.test</c>, which signs itself.</summary>
    public string Certificate { get; }

    /// <summary>Waits until it has noticed this: <c>broken NAME</c>, for example.</summary>
    public void AssertNotes(string line) =>
        Eventually.Holds(() => HasNoted(line), () => $"The origin does not note '{line}'. It wrote: {_server.Output}");

    public bool HasNoted(string line) => _server.Output.Split('\n').Contains(line);

    public void Dispose() => _server.Dispose();
}
