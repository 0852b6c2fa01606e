namespace Everyport.Proxy.Admin.State;

/// <summary>The program that runs.</summary>
internal sealed record ProcessStatus(string Version, int Id, DateTimeOffset Started, double UptimeSeconds);
