namespace Everyport.Steering.Rules;

/// <summary>Ports from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
/// <param name="First">The lowest port.</param>
/// <param name="Last">The highest port.</param>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>Every port.</summary>
    public static PortRange All => new(0, ushort.MaxValue);

    /// <summary>How many ports; the fewer, the more specific.</summary>
    public int Count => Last - First + 1;

    /// <summary>Whether the port is in the range.</summary>
    public bool Contains(ushort port) => port >= First && port <= Last;

    /// <summary>Whether a port is in both.</summary>
    public bool Overlaps(PortRange other) => First <= other.Last && other.First <= Last;

    /// <summary>As in configuration: <c>*</c>, <c>80</c> or <c>8000-8999</c>.</summary>
    public override string ToString() => this == All ? "*" : First == Last ? $"{First}" : $"{First}-{Last}";
}
