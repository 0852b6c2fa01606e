using System.Collections.Frozen;

namespace Everyport.Proxy.Logs;

/// <summary>The section <c>AccessLog</c>.</summary>
internal sealed record AccessLogSettings
{
    /// <summary>What is logged; none where the log is off.</summary>
    public RecordKinds Kinds { get; init; } = RecordKinds.All;

    /// <summary>Null: text on a terminal, JSON elsewhere.</summary>
    public AccessLogFormat? Format { get; init; }

    /// <summary>The file; null for standard output.</summary>
    public string? Path { get; init; }

    /// <summary>Routes of which nothing is logged.</summary>
    public FrozenSet<string> ExceptRoutes { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The share of each kind that is logged; errors always are.</summary>
    public double RequestShare { get; init; } = 1;

    /// <inheritdoc cref="RequestShare"/>
    public double StreamShare { get; init; } = 1;

    /// <inheritdoc cref="RequestShare"/>
    public double FlowShare { get; init; } = 1;
}
