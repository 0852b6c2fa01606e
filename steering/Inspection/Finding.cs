namespace Everyport.Steering.Inspection;

/// <summary>How much a finding matters.</summary>
public enum FindingLevel
{
    /// <summary>All is well.</summary>
    Fine,

    /// <summary>Good to know.</summary>
    Note,

    /// <summary>It starts, and something will not be as it is meant.</summary>
    Warning,

    /// <summary>It does not start.</summary>
    Problem,
}

/// <summary>What was found, and how to mend it.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Check">What was looked at, in a word or two.</param>
/// <param name="Found">What there is, as a sentence.</param>
/// <param name="Mend">What to do, as a sentence; null where there is nothing to do.</param>
public sealed record Finding(FindingLevel Level, string Check, string Found, string? Mend = null);
