using Everyport.Proxy.Configuration;
using Everyport.Steering.Inspection;

namespace Everyport.Proxy.Doctor;

/// <summary>Finds what breaks a first start, or makes that less comes than is meant, from what is known of the machine and the configuration.</summary>
internal static class Checkup
{
    private const string Own = "One of them may be this proxy, if it runs.";

    /// <summary>All findings, what matters most first.</summary>
    public static IReadOnlyList<Finding> Of(Machine machine, ProxyConfiguration configuration) =>
        Sorted([.. KernelChecks.Of(machine, Own), .. CapabilityChecks.Of(machine), .. PinChecks.Of(machine, configuration.Steering), .. ResourceChecks.Of(machine, configuration.Limits), .. AddressChecks.Of(machine, configuration), .. ListenerChecks.Of(machine, configuration), .. DestinationChecks.Of(machine, configuration)]);

    /// <summary>Where the configuration has errors, the machine is all that can be looked at.</summary>
    public static IReadOnlyList<Finding> Of(Machine machine, ConfigurationException errors) =>
        Sorted([.. KernelChecks.Of(machine, Own), .. CapabilityChecks.Of(machine), .. errors.Errors.Count == 0 ? [Problem(errors.Message)] : errors.Errors.Select(error => Problem($"{error.Path}: {error.Message}."))]);

    private static Finding Problem(string error) => new(FindingLevel.Problem, "configuration", error, "Mend it; 'everyport check' tells whether all is well.");

    private static Finding[] Sorted(IEnumerable<Finding> findings) => [.. findings.OrderByDescending(finding => finding.Level)];
}
