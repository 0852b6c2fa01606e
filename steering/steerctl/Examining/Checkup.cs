using Everyport.Steering.Inspection;

namespace Everyport.Steering.Cli.Examining;

/// <summary>Finds what is in the way of steering, or makes that less is steered than is meant.</summary>
internal static class Checkup
{
    /// <summary>All findings, what matters most first.</summary>
    public static IReadOnlyList<Finding> Of(Condition condition) =>
    [
        .. ((IEnumerable<Finding>)[.. KernelChecks.Of(Others(condition)), .. PinChecks.Of(condition), .. ServiceChecks.Of(condition), .. ReachChecks.Of(condition)])
            .OrderByDescending(finding => finding.Level)
    ];

    /// <summary>Without the program of the steering itself.</summary>
    private static KernelFacts Others(Condition condition) =>
        condition is { Steering.Attached: true, Kernel.AttachedPrograms: > 0 and var attached } ? condition.Kernel with { AttachedPrograms = attached - 1 } : condition.Kernel;
}
