namespace Everyport.Proxy.Http.Errors;

/// <summary>Marks a request that the proxy has refused, until the outermost middleware answers it.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Detail">What the log says beside it, where the reason alone does not tell.</param>
internal sealed record HttpErrorFeature(HttpErrorReason Reason, string? Detail);
