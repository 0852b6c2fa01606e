using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Cli;

/// <summary>A namespace with a directory for a steering, on which command lines work from outside of it.</summary>
internal sealed class PinnedTerminal : IDisposable
{
    private readonly PinPath _pins = new();

    public PinnedTerminal() => Terminal = new Terminal { Always = ["--netns", Namespace.Path, "--pin-path", _pins.Path] };

    public NetworkNamespace Namespace { get; } = new();

    public Terminal Terminal { get; }

    public string PinPath => _pins.Path;

    public IReadOnlyList<string> Pins => _pins.Names;

    public Terminal.Result Do(params string[] arguments) => Terminal.Do(arguments);

    public Terminal.Result Run(params string[] arguments) => Terminal.Run(arguments);

    /// <summary>The same with something on standard input.</summary>
    public Terminal.Result RunWith(string input, params string[] arguments) => new Terminal { Always = Terminal.Always, Input = input }.Run(arguments);

    /// <summary>Registers a server for the service of its name, as the program would that owns the socket.</summary>
    public NamedServer Register(NamedServer server)
    {
        using var control = SteeringControl.Open(new SteeringOptions { PinPath = PinPath, NetworkNamespace = Namespace.Path, Owner = "steerctl" });
        control.Register(server.Name, [server.Socket.SafeHandle], replace: false);
        return server;
    }

    public NamedServer Tcp(string name, string address = "127.0.0.2") => Namespace.Run(() => NamedServer.Tcp(name, address));

    public NamedServer Udp(string name, string address = "127.0.0.2") => Namespace.Run(() => NamedServer.Udp(name, address));

    /// <summary>The name of the server that answers, or <see cref="Client.Refused"/>.</summary>
    public string Dial(string address, int port, string? source = null) => Namespace.Run(() => Client.DialTcp(address, port, source)).Split(' ')[0];

    public void Dispose()
    {
        _ = Terminal.Run("unload", "--force");
        Namespace.Dispose();
        _pins.Dispose();
    }
}
