namespace Everyport.Proxy.Admin.State;

/// <summary>The configuration in force: where it comes from, and since when.</summary>
internal sealed record ConfigurationStatus(string Source, DateTimeOffset Since);
