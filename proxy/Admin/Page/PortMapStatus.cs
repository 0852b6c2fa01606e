namespace Everyport.Proxy.Admin.Page;

/// <summary>What <c>/api/ports/map</c> answers.</summary>
/// <param name="Targets">Where ports lead.</param>
/// <param name="Runs">All ports, in order: the first and the last one of a run, and the number of its target.</param>
internal sealed record PortMapStatus(IReadOnlyList<PortMapTarget> Targets, IReadOnlyList<int[]> Runs);

/// <summary>Something that ports lead to.</summary>
internal sealed record PortMapTarget(string Name, bool IsSteered);
