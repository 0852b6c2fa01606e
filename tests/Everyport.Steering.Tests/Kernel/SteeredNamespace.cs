using Everyport.Steering.Counters;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>A namespace with steering of its own, and short words for what tests do in it.</summary>
internal sealed class SteeredNamespace : IDisposable
{
    public SteeredNamespace(SteeringOptions? options = null) => Steering = Attach(options);

    public NetworkNamespace Namespace { get; } = new();

    public AttachedSteering Steering { get; }

    /// <summary>Another steering of the same namespace.</summary>
    public AttachedSteering Attach(SteeringOptions? options = null) => Namespace.Run(() => AttachedSteering.Open(options ?? new SteeringOptions()));

    public NamedServer Tcp(string name, string address, int port = 0) => Namespace.Run(() => NamedServer.Tcp(name, address, port));

    public NamedServer Udp(string name, string address, int port = 0) => Namespace.Run(() => NamedServer.Udp(name, address, port));

    /// <summary>Registers a server for the service of its name, or of the name given.</summary>
    public NamedServer Register(NamedServer server, string? service = null)
    {
        Steering.Register(service ?? server.Name, server.Socket.SafeHandle);
        return server;
    }

    public Publication Publish(params Rule[] rules) => Steering.Publish(Rulesets.Create(rules));

    /// <summary>The name of the TCP server that answers, or <see cref="Client.Refused"/>.</summary>
    public string DialTcp(string address, int port) => Namespace.Run(() => Client.DialTcp(address, port)).Split(' ')[0];

    /// <summary>The name of the UDP server that answers, or <see cref="Client.Refused"/>.</summary>
    public string AskUdp(string address, int port) => Namespace.Run(() => Client.AskUdp(address, port));

    public ServiceCounters Counters(string service, Protocols protocol) => Steering.ReadServiceCounters()[(service, protocol)];

    public void Dispose()
    {
        Steering.Dispose();
        Namespace.Dispose();
    }
}
