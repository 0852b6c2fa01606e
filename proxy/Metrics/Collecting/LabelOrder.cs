namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>Orders series by their labels, so that two scrapes can be compared.</summary>
internal sealed class LabelOrder : IComparer<ReadOnlyMemory<byte>>
{
    public static LabelOrder Instance { get; } = new();

    public int Compare(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceCompareTo(y.Span);
}
