using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// A section of the configuration, or the whole of it. Finds a key and the keys of a section at once, where the providers of .NET walk
/// over all keys that there are: for 10,000 routes, the difference between a second and many minutes. Once built it never changes.
/// </summary>
/// <param name="key">Its name in the section around it; empty for the whole.</param>
/// <param name="parent">The section around it; null for the whole.</param>
internal sealed class KeyNode(string key, KeyNode? parent) : IConfigurationRoot, IConfigurationSection
{
    /// <summary>Most sections have few keys, and there are many sections.</summary>
    private const int MostWithoutIndex = 8;

    private List<KeyNode>? _children;
    private Dictionary<string, KeyNode>? _byKey;
    private bool _isSorted;

    public string Key => key;

    public string Path => parent is not { Path.Length: > 0 } ? key : $"{parent.Path}:{key}";

    public string? Value { get; set; }

    public IEnumerable<IConfigurationProvider> Providers => [];

    /// <summary>In the order that .NET gives them: numbers first, by their value.</summary>
    public IReadOnlyList<KeyNode> Children
    {
        get
        {
            if (_children is null)
                return [];
            if (!_isSorted)
                _children.Sort(static (a, b) => ConfigurationKeyComparer.Instance.Compare(a.Key, b.Key));
            _isSorted = true;
            return _children;
        }
    }

    public string? this[string key]
    {
        get => Find(key)?.Value;
        set => throw new NotSupportedException("A configuration that has been read does not change.");
    }

    /// <summary>One that does not exist has neither a value nor children.</summary>
    public KeyNode Section(string key) => Find(key) ?? key.Split(ConfigurationPath.KeyDelimiter).Aggregate(this, (node, part) => new KeyNode(part, node));

    public IConfigurationSection GetSection(string key) => Section(key);

    public IEnumerable<IConfigurationSection> GetChildren() => Children;

    public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);

    public void Reload()
    {
        // Whoever wants to know more reads it again.
    }

    /// <summary>The section right below with this key; null where there is none.</summary>
    public KeyNode? Child(string childKey)
    {
        if (_byKey is not null)
            return _byKey.GetValueOrDefault(childKey);
        foreach (var child in _children ?? [])
        {
            if (child.Key.Equals(childKey, StringComparison.OrdinalIgnoreCase))
                return child;
        }
        return null;
    }

    /// <summary>Adds one that is not there yet.</summary>
    public KeyNode Add(string childKey)
    {
        var child = new KeyNode(childKey, this);
        Add(child);
        return child;
    }

    /// <summary>The section below with this relative path, which is made where there is none.</summary>
    public KeyNode AddAll(string below)
    {
        var node = this;
        foreach (var part in below.Split(ConfigurationPath.KeyDelimiter))
            node = node.Child(part) ?? node.Add(part);
        return node;
    }

    /// <summary>The same with these sections below it instead.</summary>
    public KeyNode With(IEnumerable<KeyNode> children)
    {
        var other = new KeyNode(key, parent) { Value = Value };
        foreach (var child in children)
            other.Add(child);
        return other;
    }

    private void Add(KeyNode child)
    {
        (_children ??= []).Add(child);
        _isSorted = false;
        if (_byKey is not null)
            _byKey.Add(child.Key, child);
        else if (_children.Count > MostWithoutIndex)
            _byKey = _children.ToDictionary(each => each.Key, StringComparer.OrdinalIgnoreCase);
    }

    private KeyNode? Find(string below)
    {
        var node = this;
        for (var start = 0; node is not null;)
        {
            var end = below.IndexOf(':', start);
            if (end < 0)
                return node.Child(start == 0 ? below : below[start..]);
            node = node.Child(below[start..end]);
            start = end + 1;
        }
        return null;
    }
}
