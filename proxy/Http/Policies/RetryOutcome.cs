namespace Everyport.Proxy.Http.Policies;

/// <summary>What came of a request that failed at a destination and might be sent to another one. The names reach metrics unchanged.</summary>
internal enum RetryOutcome
{
    /// <summary>Another destination answered it.</summary>
    Succeeded,

    /// <summary>Others failed as well, or as many as allowed did.</summary>
    Failed,

    /// <summary>There was no other destination.</summary>
    NoDestinationLeft,

    /// <summary>More requests are sent again than the policy's <c>Budget</c> allows.</summary>
    OverBudget,
}
