using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>The tags of a series. Found by the tags of a measurement as they come, without a copy of them.</summary>
internal sealed class TagSet(ReadOnlySpan<KeyValuePair<string, object?>> tags)
{
    private readonly KeyValuePair<string, object?>[] _tags = tags.ToArray();

    /// <summary>As they are written.</summary>
    public byte[] Text { get; } = LabelText.Of(tags);

    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>The value of a tag, where it is there and a name.</summary>
    public string? this[string key] => Array.Find(_tags, tag => tag.Key == key).Value as string;

    /// <summary>Measurements name the tags of an instrument in one order, so that only values need be compared.</summary>
    public static IEqualityComparer<TagSet> Comparer { get; } = new ByValues();

    /// <summary>By their text.</summary>
    public static IComparer<TagSet> Order { get; } = System.Collections.Generic.Comparer<TagSet>.Create((a, b) => a.Text.AsSpan().SequenceCompareTo(b.Text));

    private sealed class ByValues : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
    {
        public bool Equals(TagSet? x, TagSet? y) => ReferenceEquals(x, y) || x is not null && y is not null && Equals(x.Tags, y);

        public int GetHashCode(TagSet tags) => GetHashCode(tags.Tags);

        public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate);

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other)
        {
            var tags = other.Tags;
            if (tags.Length != alternate.Length)
                return false;
            for (var i = 0; i < tags.Length; i++)
            {
                if (!Equals(alternate[i].Value, tags[i].Value))
                    return false;
            }
            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = 17;
            foreach (var (_, value) in alternate)
                hash = hash * 31 + (value?.GetHashCode() ?? 0);
            return hash;
        }

        private static new bool Equals(object? a, object? b) =>
            ReferenceEquals(a, b) || (a is string text ? b is string other && text.Equals(other, StringComparison.Ordinal) : a?.Equals(b) == true);
    }
}
