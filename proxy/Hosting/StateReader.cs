using System.Diagnostics;
using System.Reflection;
using Everyport.Proxy.Admin.Page;
using Everyport.Proxy.Admin.Ports;
using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Reload;

namespace Everyport.Proxy.Hosting;

/// <summary>Adds to what is open (<see cref="StatusReader"/>) what the program, its configuration and its steering are.</summary>
internal sealed class StateReader(StatusReader open, SteeringState steering, ConfigurationSwitch configuration, Reloader reloader)
{
    public static readonly string Version =
        typeof(StateReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static readonly DateTimeOffset Started = Process.GetCurrentProcess().StartTime;

    private readonly PortsReader _ports = new(steering, () => configuration.Current);

    public Status Read(bool ready) => open.Read(ready) with
    {
        Process = new ProcessStatus(Version, Environment.ProcessId, Started.ToUniversalTime(), (DateTimeOffset.UtcNow - Started).TotalSeconds),
        Configuration = reloader.Status,
        Steering = steering.Read(),
    };

    public PortsStatus ReadPorts() => _ports.Read();

    public void ReadPortCounters(ulong[] counts) => steering.ReadPorts(counts);

    public PortMap PortMap { get; } = new(() => steering.Ruleset, () => configuration.Current);
}
