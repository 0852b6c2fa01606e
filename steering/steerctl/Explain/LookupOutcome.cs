namespace Everyport.Steering.Cli.Explain;

/// <summary>What becomes of a lookup.</summary>
internal enum LookupOutcome
{
    /// <summary>The address is not local: what is sent there is routed away, and never looked up.</summary>
    NotLocal,

    /// <summary>No rule matches: the kernel's own lookup decides.</summary>
    NoRule,

    /// <summary>A rule or a guard rail leaves it to the kernel's own lookup.</summary>
    Pass,

    /// <summary>A rule refuses it.</summary>
    Drop,

    /// <summary>The source is denied, before any rule.</summary>
    Denied,

    /// <summary>A socket of a service gets it.</summary>
    Service,

    /// <summary>The service has no socket for it: refused.</summary>
    NoSocket,
}
