using Everyport.Proxy.Admission;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Names;

namespace Everyport.Proxy.Flows;

/// <summary>What the engines of all threads share.</summary>
internal sealed record FlowResources(
    FlowRoutes Routes,
    NameTable HostNames,
    OwnNames OwnNames,
    ConnectionLimit Total,
    SourceLimits Sources,
    Drops Drops,
    UnreachableMessenger Unreachable,
    QuicPins Pins,
    Records Records,
    TimeSpan HelloTimeout);
