using Everyport.Steering.Rules;

namespace Everyport.Steering.Routes;

/// <summary>A local route that was not added, and the attached network that it would have cut off.</summary>
public readonly record struct SkippedRoute(Prefix Prefix, Prefix Subnet)
{
    /// <summary>The reason, as a sentence.</summary>
    public override string ToString() =>
        $"{Prefix} gets no local route, as that would cut off the network {Subnet} of an interface; only addresses that are local already are steered";
}
