namespace Everyport.Proxy.Reload;

/// <summary>What <c>/api/status</c> says of the configuration: which one is in force, since when, and what came of the last reload.</summary>
internal sealed record ConfigurationStatus(string Source, string Hash, DateTimeOffset Since, ReloadReport? LastReload);
