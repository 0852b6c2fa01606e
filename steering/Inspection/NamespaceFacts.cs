using Everyport.Steering.Rules;

namespace Everyport.Steering.Inspection;

/// <summary>What there is in a network namespace, as far as it matters to steering.</summary>
public sealed record NamespaceFacts
{
    /// <summary>The addresses of all interfaces.</summary>
    public IReadOnlyCollection<Address> Assigned { get; init; } = [];

    /// <summary>The networks that interfaces other than loopback are attached to.</summary>
    public IReadOnlyCollection<Prefix> Subnets { get; init; } = [];

    /// <summary>What the machine receives itself.</summary>
    public IReadOnlyCollection<Prefix> LocalPrefixes { get; init; } = [];

    /// <summary>Who listens.</summary>
    public IReadOnlyCollection<FoundListener> Listeners { get; init; } = [];

    /// <summary>From where the kernel takes the port of a socket that does not ask for one.</summary>
    public PortRange EphemeralPorts { get; init; } = new(32768, 60999);
}
