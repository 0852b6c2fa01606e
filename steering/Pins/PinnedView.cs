using Everyport.Steering.Kernel;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Pins;

/// <summary>A pinned steering as it was found: the state, and the maps that belong to it, open to be read.</summary>
internal sealed record PinnedView(PinnedState State, SharedMaps Maps) : IDisposable
{
    /// <summary>What the link says; null where it could not be opened.</summary>
    public ObjectInfo.Link? Link { get; init; }

    public void Dispose() => Maps.Dispose();
}
