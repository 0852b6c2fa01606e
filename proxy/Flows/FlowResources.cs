using Everyport.Proxy.Logs;
using Everyport.Proxy.Names;
using Everyport.Proxy.Reload;

namespace Everyport.Proxy.Flows;

/// <summary>What the engines of all threads share.</summary>
internal sealed record FlowResources(
    InForce<FlowRules> Rules,
    NameTable HostNames,
    OwnNames OwnNames,
    Drops Drops,
    UnreachableMessenger Unreachable,
    QuicPins Pins,
    Records Records)
{
    private volatile bool _isDraining;

    /// <summary>Whether flows end early because the proxy does.</summary>
    public bool IsDraining
    {
        get => _isDraining;
        set => _isDraining = value;
    }
}
