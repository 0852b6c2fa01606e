namespace Everyport.Proxy.Explain;

/// <summary>What has been found out so far about one question.</summary>
internal sealed class Way(Question question)
{
    private readonly List<string> _steps = [];

    public string? Rule { get; set; }

    public string? Certificate { get; set; }

    public void Add(string step) => _steps.Add(step);

    /// <summary>The end of the way; a cluster is told of as its last step.</summary>
    public Explanation End(ExplainedOutcome outcome, string? route = null, string? cluster = null, IReadOnlyList<ExplainedDestination>? destinations = null)
    {
        if (cluster is not null)
            Add($"The cluster '{cluster}' has {(destinations is { Count: > 0 } ? string.Join(", ", destinations.Select(destination => $"{destination.Name} ({destination.Address})")) : "no destinations")}.");
        return new Explanation(question.ToString(), outcome, _steps) { Rule = Rule, Route = route, Cluster = cluster, Destinations = destinations, Certificate = Certificate };
    }
}
