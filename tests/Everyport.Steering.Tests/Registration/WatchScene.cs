using System.Diagnostics;
using Everyport.Steering.Registration;
using Everyport.Steering.Rules;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Registration;

/// <summary>A namespace with a steering that gives 127.7.0.0/16 to the service <c>web</c>, and a watch that keeps its sockets.</summary>
internal sealed class WatchScene : IDisposable
{
    public const string Service = "web", Edge = "127.7.0.1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly PinPath _pins = new();
    private readonly List<WatchEvent> _events = [];
    private ServiceWatch? _watch;

    public WatchScene()
    {
        Control = SteeringControl.Open(Options);
        try
        {
            Load();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkNamespace Namespace { get; } = new();

    public SteeringControl Control { get; }

    public SteeringOptions Options => new() { PinPath = _pins.Path, NetworkNamespace = Namespace.Path, Owner = "steerctl" };

    public string PidFile => Path.Combine(_directory.Path, "web.pid");

    /// <summary>What the watch has told.</summary>
    public IReadOnlyList<WatchEvent> Events => _events;

    public string LastMessage => _events.LastOrDefault()?.Message ?? "";

    public void Load()
    {
        Control.Load();
        Control.Change(_ => Rulesets.Create(Rulesets.Rule("edge", "127.7.0.0/16", target: Target.ToService(Service))));
    }

    /// <summary>Starts a server, and has it write its PID file when it listens, as most do.</summary>
    public SocketsProgram Start(string name, params string[] sockets)
    {
        var program = new SocketsProgram(Namespace, name, sockets);
        Write(program);
        return program;
    }

    public void Write(SocketsProgram program) => File.WriteAllText(PidFile, $"{program.Id}\n");

    public ServiceWatch Watch(params string[] filter) => Watch(ProcessSource.Parse(PidFile), filter);

    public ServiceWatch Watch(ProcessSource source, params string[] filter) => Watch(source, TimeProvider.System, filter);

    public ServiceWatch Watch(ProcessSource source, TimeProvider clock, params string[] filter)
    {
        var listeners = filter is [var protocol, var address, var port] ? ListenerFilter.Parse(protocol, address, port) : ListenerFilter.All;
        return _watch = ServiceWatch.Open(Options, [new WatchedService(Service, source, listeners)], clock);
    }

    /// <summary>Looks again and again until the server of that name answers.</summary>
    public void Until(string answers) => Until(() => Dial() == answers, $"'{answers}' does not answer, but '{Dial()}'");

    /// <summary>Looks again and again until something holds.</summary>
    public void Until(Func<bool> holds, string otherwise)
    {
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(10))
        {
            Look();
            if (holds())
                return;
            if (waited.Elapsed > Patience)
                Assert.Fail($"{otherwise}; the watch has told: {string.Join("; ", _events.Select(one => one.Message))}");
        }
    }

    /// <summary>Looks as often as it takes to be sure that nothing more comes.</summary>
    public void LookForAWhile()
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(1.5); Thread.Sleep(40))
            Look();
    }

    public void Look() => _events.AddRange(_watch!.Look());

    public string Dial() => Namespace.Run(() => Client.DialTcp(Edge, 80));

    public void Dispose()
    {
        _watch?.Dispose();
        Control.Unload(force: true);
        Control.Dispose();
        Namespace.Dispose();
        _pins.Dispose();
        _directory.Dispose();
    }
}
