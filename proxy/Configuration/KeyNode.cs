using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Everyport.Proxy.Configuration;

/// <summary>A section of <see cref="IndexedKeys"/>, or the whole of it. Once built it never changes.</summary>
internal sealed class KeyNode(string key, string path) : IConfigurationRoot, IConfigurationSection
{
    /// <summary>Most sections have few keys, and there are many sections.</summary>
    private const int MostWithoutIndex = 8;

    private static readonly KeyNode[] None = [];

    private readonly List<KeyNode> _children = [];
    private Dictionary<string, KeyNode>? _byKey;
    private KeyNode[]? _sorted;

    public string Key => key;

    public string Path => path;

    public string? Value { get; set; }

    public IEnumerable<IConfigurationProvider> Providers => [];

    public string? this[string key]
    {
        get => Find(key)?.Value;
        set => throw new NotSupportedException("A configuration that has been read does not change.");
    }

    /// <summary>One that does not exist has neither a value nor children.</summary>
    public IConfigurationSection GetSection(string key) => Find(key) ?? new KeyNode(key[(key.LastIndexOf(':') + 1)..], PathOf(key));

    /// <summary>In the order that .NET gives them: numbers first, by their value.</summary>
    public IEnumerable<IConfigurationSection> GetChildren() => _sorted ??= Sort();

    public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);

    public void Reload()
    {
        // Whoever wants to know more reads it again.
    }

    /// <summary>The section below with this relative path, which is made where there is none.</summary>
    public KeyNode AddAll(string below)
    {
        var node = this;
        foreach (var part in below.Split(ConfigurationPath.KeyDelimiter))
            node = node.Child(part) ?? node.Add(part, node.PathOf(part));
        return node;
    }

    /// <summary>The section right below with this key, which is made where there is none.</summary>
    public KeyNode Add(string childKey, string childPath)
    {
        if (Child(childKey) is { } known)
            return known;
        var child = new KeyNode(childKey, childPath);
        _children.Add(child);
        if (_byKey is not null)
            _byKey.Add(childKey, child);
        else if (_children.Count > MostWithoutIndex)
            _byKey = _children.ToDictionary(each => each.Key, StringComparer.OrdinalIgnoreCase);
        return child;
    }

    private KeyNode? Child(string childKey)
    {
        if (_byKey is not null)
            return _byKey.GetValueOrDefault(childKey);
        foreach (var child in _children)
        {
            if (child.Key.Equals(childKey, StringComparison.OrdinalIgnoreCase))
                return child;
        }
        return null;
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

    private KeyNode[] Sort()
    {
        if (_children.Count == 0)
            return None;
        KeyNode[] children = [.. _children];
        Array.Sort(children, static (a, b) => ConfigurationKeyComparer.Instance.Compare(a.Key, b.Key));
        return children;
    }

    private string PathOf(string below) => path.Length == 0 ? below : $"{path}:{below}";
}
