using Everyport.Proxy.Http.Errors;

namespace Everyport.Proxy.Http.Policies;

/// <summary>When a request goes to another destination (<c>Policies:Retries</c>).</summary>
internal sealed record RetryRules
{
    /// <summary>That of routes that name none.</summary>
    public static RetryRules Default { get; } = new();

    /// <summary>Those of a route that wants none.</summary>
    public static RetryRules Off { get; } = new() { Attempts = 1 };

    /// <summary>Destinations that a request is tried at, the first one among them.</summary>
    public int Attempts { get; init; } = 2;

    public IReadOnlyList<HttpErrorReason> Reasons { get; init; } = [HttpErrorReason.ConnectFailed, HttpErrorReason.UpstreamFailed];

    /// <summary>Answers of the origin that count as failures as well.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [];

    /// <summary>The share of requests that may be sent again, so that retries do not bring down who is merely slow.</summary>
    public double Budget { get; init; } = 0.2;

    public bool IsSame(RetryRules other) =>
        (Attempts, Budget) == (other.Attempts, other.Budget) && Reasons.SequenceEqual(other.Reasons) && Statuses.SequenceEqual(other.Statuses);
}
