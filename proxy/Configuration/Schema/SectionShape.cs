namespace Everyport.Proxy.Configuration.Schema;

/// <summary>The keys of a section that readers ask for, and what they expect there: what the JSON schema is made of.</summary>
internal sealed class SectionShape
{
    private readonly SortedDictionary<string, KeyShape> _keys = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys of which anything is known, by name.</summary>
    public IEnumerable<KeyValuePair<string, KeyShape>> Keys => _keys.Where(key => key.Value.IsKnown);

    /// <summary>Whether any other key is an error.</summary>
    public bool IsClosed { get; private set; }

    public KeyShape this[string key]
    {
        get
        {
            if (!_keys.TryGetValue(key, out var shape))
                _keys[key] = shape = new KeyShape();
            return shape;
        }
    }

    public void Close() => IsClosed = true;
}
