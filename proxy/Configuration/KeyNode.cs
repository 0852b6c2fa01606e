using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Everyport.Proxy.Configuration;

/// <summary>A section of <see cref="IndexedKeys"/>, or the whole of it. Once built it never changes.</summary>
internal sealed class KeyNode(string key, string path) : IConfigurationRoot, IConfigurationSection
{
    private static readonly KeyNode[] None = [];

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

    /// <summary>The section below with this path, which is made where there is none.</summary>
    public KeyNode Add(string below)
    {
        var end = below.IndexOf(':', StringComparison.Ordinal);
        var first = end < 0 ? below : below[..end];
        _byKey ??= new Dictionary<string, KeyNode>(StringComparer.OrdinalIgnoreCase);
        if (!_byKey.TryGetValue(first, out var child))
            _byKey[first] = child = new KeyNode(first, PathOf(first));
        return end < 0 ? child : child.Add(below[(end + 1)..]);
    }

    private KeyNode? Find(string below)
    {
        var node = this;
        for (var start = 0; node is not null;)
        {
            var end = below.IndexOf(':', start);
            if (end < 0)
                return node._byKey?.GetValueOrDefault(start == 0 ? below : below[start..]);
            node = node._byKey?.GetValueOrDefault(below[start..end]);
            start = end + 1;
        }
        return null;
    }

    private KeyNode[] Sort()
    {
        if (_byKey is null)
            return None;
        KeyNode[] children = [.. _byKey.Values];
        Array.Sort(children, static (a, b) => ConfigurationKeyComparer.Instance.Compare(a.Key, b.Key));
        return children;
    }

    private string PathOf(string below) => path.Length == 0 ? below : $"{path}:{below}";
}
