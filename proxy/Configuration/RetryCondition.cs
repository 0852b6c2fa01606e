using Everyport.Proxy.Http.Errors;

namespace Everyport.Proxy.Configuration;

/// <summary>An item of <c>Policies:Retries:*:On</c>: what happened to a request, or the status that a destination answered.</summary>
internal readonly record struct RetryCondition(HttpErrorReason? Reason, int? Status);
