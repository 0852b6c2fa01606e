namespace Everyport.Proxy.Explain;

/// <summary>Where something would go, and why.</summary>
/// <param name="Question">What was asked, in words.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="Steps">How that was decided, one sentence or more for each step.</param>
internal sealed record Explanation(string Question, ExplainedOutcome Outcome, IReadOnlyList<string> Steps)
{
    /// <summary>The outcome in words.</summary>
    public string Summary => ExplanationText.Say(Outcome, Route ?? Service, Cluster, Certificate, Status);

    /// <summary>The rule of steering that decides.</summary>
    public string? Rule { get; init; }

    /// <summary>The service that it is given to, where that is not the proxy.</summary>
    public string? Service { get; init; }

    /// <summary>The stream, or the HTTP route.</summary>
    public string? Route { get; init; }

    /// <summary>The certificate that is shown, where TLS ends here.</summary>
    public string? Certificate { get; init; }

    /// <summary>The status of the answer, and why; for a request that is refused.</summary>
    public int? Status { get; init; }

    public string? Cluster { get; init; }

    public IReadOnlyList<ExplainedDestination>? Destinations { get; init; }

    /// <summary>What is left open.</summary>
    public IReadOnlyList<ExplainedCase>? Cases { get; init; }
}

/// <summary>A destination, with the address that is dialled.</summary>
internal sealed record ExplainedDestination(string Name, string Address);

/// <summary>What becomes of it under a condition that the question leaves open.</summary>
internal sealed record ExplainedCase(string When, ExplainedOutcome Outcome, string? Route, string? Cluster, string? Certificate)
{
    /// <summary>The outcome in words.</summary>
    public string Summary => ExplanationText.Say(Outcome, Route, Cluster, Certificate);
}
