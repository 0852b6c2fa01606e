using Everyport.Proxy.Admin;
using Everyport.Proxy.Configuration;

namespace Everyport.Proxy.Reload;

/// <summary>
/// The settings that a running program cannot change: sockets that it listens on and threads that serve them, and what Kestrel reads once.
/// A reload leaves them as they are, and says so.
/// </summary>
internal static class StartOnlySettings
{
    private static readonly Setting[] All =
    [
        new("Admin:Listen", from => from.Admin.Listen, (to, from) => to with { Admin = StayOpenToNobodyElse(to.Admin with { Listen = from.Admin.Listen }, from.Admin) }),
        new("Admin:Certificate", from => from.Admin.Certificate?.Config, (to, from) => to with { Admin = to.Admin with { Certificate = from.Admin.Certificate } }),
        new("Steering:PinPath", from => from.Steering.PinPath, (to, from) => to with { Steering = to.Steering with { PinPath = from.Steering.PinPath } }),
        new("Demo", from => from.Demo, (to, from) => to with { Demo = from.Demo }),
        new("Telemetry", from => from.Telemetry, (to, from) => to with { Telemetry = from.Telemetry }),
        new("Limits:FlowThreads", from => from.Limits.FlowThreads, (to, from) => to with { Limits = to.Limits with { FlowThreads = from.Limits.FlowThreads } }),
        new("Limits:FlowReceiveBuffer", from => from.Limits.FlowReceiveBuffer, (to, from) => to with { Limits = to.Limits with { FlowReceiveBuffer = from.Limits.FlowReceiveBuffer } }),
        new("Tls:HandshakeTimeout", from => from.Tls.HandshakeTimeout, (to, from) => to with { Tls = to.Tls with { HandshakeTimeout = from.Tls.HandshakeTimeout } }),
    ];

    /// <summary>What can be in force of another configuration, and a sentence for each setting that waits for the next start.</summary>
    public static (ProxyConfiguration InForce, IReadOnlyList<string> Waiting) Keep(ProxyConfiguration running, ProxyConfiguration next)
    {
        var waiting = new List<string>();
        foreach (var setting in All)
        {
            if (Equals(setting.Of(running), setting.Of(next)))
                continue;
            waiting.Add($"{setting.Path} has changed, which takes effect at the next start");
            next = setting.Keep(next, running);
        }
        return (next, waiting);
    }

    /// <summary>Who no longer needs a token, as only this machine is to reach it, needs it for as long as others still do.</summary>
    private static AdminSettings StayOpenToNobodyElse(AdminSettings kept, AdminSettings running) =>
        kept.IsLocal || kept.Token is not null || kept.AllowAnonymous ? kept : kept with { Token = running.Token, AllowAnonymous = running.AllowAnonymous };

    private sealed record Setting(string Path, Func<ProxyConfiguration, object?> Of, Func<ProxyConfiguration, ProxyConfiguration, ProxyConfiguration> Keep);
}
