namespace Everyport.Steering.Pins;

/// <summary>What an owner wants to be done for his rules, whoever publishes them; see <see cref="SteeringOptions"/>.</summary>
internal sealed record OwnerChoices(bool LocalRoutes = true, bool LeaveExistingListeners = true, bool LeaveEphemeralPorts = true, bool CountPorts = true, bool CountRules = true)
{
    /// <summary>What is left out of the state: the default.</summary>
    public static OwnerChoices Default { get; } = new();

    public static OwnerChoices Of(SteeringOptions options) =>
        new(options.LocalRoutes, options.LeaveExistingListeners, options.LeaveEphemeralPorts, options.CountPorts, options.CountRules);
}
