using Everyport.Proxy.Clusters;

namespace Everyport.Proxy.Flows;

/// <summary>The destination that a QUIC connection is with, and the latest flow of it. For any number of threads, as it never changes.</summary>
internal sealed record QuicPin(FlowRoute Route, DestinationState Destination, Flow Owner);
