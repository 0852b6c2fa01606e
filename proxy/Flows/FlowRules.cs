using Everyport.Proxy.Admission;

namespace Everyport.Proxy.Flows;

/// <summary>
/// All that decides about a new flow. Never changes; another one replaces it, and a client whose hello has begun under one is
/// decided by it to the end.
/// </summary>
/// <param name="Routes">Who takes it.</param>
/// <param name="Total">All flows that are open.</param>
/// <param name="Sources">What one source may have.</param>
/// <param name="HelloTimeout">How long a hello may take.</param>
internal sealed record FlowRules(FlowRoutes Routes, ConnectionLimit Total, SourceLimits Sources, TimeSpan HelloTimeout);
