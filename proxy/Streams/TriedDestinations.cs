using System.Runtime.CompilerServices;
using Everyport.Proxy.Clusters;

namespace Everyport.Proxy.Streams;

/// <summary>The destinations that a stream has tried in vain; few, and mostly none.</summary>
internal struct TriedDestinations
{
    /// <summary>The most that <c>DialAttempts</c> allows.</summary>
    public const int Most = 16;

    private Slots _slots;

    public int Count { get; private set; }

    public readonly DestinationState? Last => Count == 0 ? null : _slots[Count - 1];

    public void Add(DestinationState destination) => _slots[Count++] = destination;

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<DestinationState> AsSpan() => ((ReadOnlySpan<DestinationState>)_slots)[..Count];

    [InlineArray(Most)]
    private struct Slots
    {
        private DestinationState _first;
    }
}
