using Everyport.Steering.Inspection;

namespace Everyport.Steering.Cli.Examining;

/// <summary>Finds what is in the way of steering, or makes that less is steered than is meant.</summary>
internal static class Checkup
{
    private const string Own = "One of them is the one that steerctl has loaded, if it has.";

    /// <summary>All findings, what matters most first.</summary>
    public static IReadOnlyList<Finding> Of(Condition condition) =>
    [
        .. ((IEnumerable<Finding>)[.. KernelChecks.Of(condition.Kernel, Own), .. PinChecks.Of(condition), .. ServiceChecks.Of(condition), .. ReachChecks.Of(condition)])
            .OrderByDescending(finding => finding.Level)
    ];
}
