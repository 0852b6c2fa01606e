using System.Globalization;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Policies;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads an entry of <c>Policies:Retries</c>.</summary>
internal static class RetryReader
{
    private const int MostAttempts = 10;

    /// <summary>What can be told of a destination, and may be better at another one.</summary>
    public static readonly HttpErrorReason[] Retryable = [HttpErrorReason.ConnectFailed, HttpErrorReason.UpstreamFailed, HttpErrorReason.UpstreamTimeout];

    public static RetryRules Read(SectionReader section)
    {
        var defaults = RetryRules.Default;
        var conditions = section.Values<RetryCondition>("On", ParseCondition);
        return new RetryRules
        {
            Attempts = section.Number("Attempts", defaults.Attempts, 1, MostAttempts),
            Reasons = section.Has("On") ? [.. conditions.Select(condition => condition.Reason).OfType<HttpErrorReason>()] : defaults.Reasons,
            Statuses = [.. conditions.Select(condition => condition.Status).OfType<int>()],
            Budget = section.Value<double>("Budget", defaults.Budget, ShareParser.TryParse),
        };
    }

    private static bool ParseCondition(string text, out RetryCondition condition, out string? error)
    {
        condition = Retryable
            .Where(reason => reason.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
            .Select(reason => new RetryCondition(reason, null))
            .FirstOrDefault();
        if (condition.Reason is null && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is 429 or >= 500 and <= 599)
            condition = new RetryCondition(null, status);
        var good = condition != default;
        error = good ? null : $"'{text}' is not one of {string.Join(", ", Retryable.Select(reason => $"'{reason}'"))}, nor a status such as '503'";
        return good;
    }
}
