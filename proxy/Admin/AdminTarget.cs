namespace Everyport.Proxy.Admin;

/// <summary>The admin host of a running proxy, as its configuration tells of it.</summary>
/// <param name="Settings">Where it is.</param>
/// <param name="Token">What has to be shown; null where nobody is asked.</param>
internal sealed record AdminTarget(AdminSettings Settings, string? Token);
