using Everyport.Steering.Pins;
using Everyport.Steering.Rules;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Pins;

/// <summary>A namespace with a directory for a pinned steering, and those who work on it one after the other.</summary>
internal sealed class PinnedNamespace : IDisposable
{
    public const string Edge = "127.7.0.1";

    private readonly List<AttachedSteering> _opened = [];

    public NetworkNamespace Namespace { get; } = new();

    public PinPath Pins { get; } = new();

    public SteeringOptions Options => new() { PinPath = Pins.Path };

    /// <summary>A program that steers to a service of its name, and answers there with that name.</summary>
    public AttachedSteering Open(SteeringOptions? options = null)
    {
        var steering = Namespace.Run(() => AttachedSteering.Open(options ?? Options));
        _opened.Add(steering);
        return steering;
    }

    /// <summary>The way of steerctl: from outside of the namespace.</summary>
    public SteeringControl Control(SteeringOptions? options = null) => SteeringControl.Open((options ?? Options) with { NetworkNamespace = Namespace.Path });

    /// <summary>Pins a text as a state is pinned, over what is there.</summary>
    public void PinText(string name, ReadOnlySpan<byte> text)
    {
        using var map = PinnedText.Create("state", text);
        var directory = new PinDirectory(Pins.Path);
        if (directory.Has(name))
            directory.Unpin(name);
        directory.Pin(map, name);
    }

    /// <summary>The routes in the namespace that carry the mark of a pinned steering.</summary>
    public string Routes => Namespace.Ip("route", "show", "table", "local", "proto", "198");

    public NamedServer Tcp(string name) => Namespace.Run(() => NamedServer.Tcp(name, "127.0.0.2"));

    public NamedServer Udp(string name) => Namespace.Run(() => NamedServer.Udp(name, "127.0.0.2"));

    /// <summary>Steers everything at the edge to a server, as the proxy does.</summary>
    public AttachedSteering Serve(NamedServer server, SteeringOptions? options = null, params Rule[] more)
    {
        var steering = Open(options);
        steering.Register(Target.ProxyService, server.Socket.SafeHandle);
        steering.Publish(Rulesets.Create([ToProxy, .. more]));
        return steering;
    }

    public static Rule ToProxy => Rulesets.Rule("edge", "127.7.0.0/16");

    public string Dial(string address = Edge, int port = 80) => Namespace.Run(() => Client.DialTcp(address, port)).Split(' ')[0];

    public string Ask(string address = Edge, int port = 53) => Namespace.Run(() => Client.AskUdp(address, port));

    public void Dispose()
    {
        _opened.ForEach(steering => steering.Dispose());
        Namespace.Dispose();
        Pins.Dispose();
    }
}
