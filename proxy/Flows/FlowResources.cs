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
    Records Records);
