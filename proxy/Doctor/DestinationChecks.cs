using Everyport.Proxy.Configuration;
using Everyport.Steering.Inspection;

namespace Everyport.Proxy.Doctor;

/// <summary>Whether destinations have addresses, and what else the configuration warns of, certificates among it.</summary>
internal static class DestinationChecks
{
    public static IEnumerable<Finding> Of(Machine machine, ProxyConfiguration configuration)
    {
        foreach (var (name, error) in machine.Names.Where(name => name.Value is not null))
            yield return new(FindingLevel.Warning, "names", $"The destination '{name}' has no address: {error!.TrimEnd('.')}.", "Mend the name or the resolver of this machine (/etc/resolv.conf); until then nothing is sent there.");
        foreach (var warning in configuration.Warnings)
            yield return new(FindingLevel.Warning, "configuration", $"{warning.TrimEnd('.')}.");
        if (configuration.Warnings.Count == 0)
            yield return new(FindingLevel.Fine, "configuration", $"The configuration {configuration.Source} is valid.");
    }
}
