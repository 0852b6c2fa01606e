using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Names;

/// <summary>What is known of one name. Addresses can be read without a lock; the rest is for who holds <see cref="Gate"/>.</summary>
internal sealed class NameEntry(string host)
{
    private volatile Address[] _addresses = [];
    private volatile int _lastUse;

    public string Host { get; } = host;

    public Lock Gate { get; } = new();

    /// <summary>The last good answer; empty where there never was one.</summary>
    public ImmutableArray<Address> Addresses
    {
        get => ImmutableCollectionsMarshal.AsImmutableArray(_addresses);
        set => _addresses = ImmutableCollectionsMarshal.AsArray(value)!;
    }

    /// <summary>The round of refreshing in which somebody last asked for it.</summary>
    public int LastUse
    {
        get => _lastUse;
        set => _lastUse = value;
    }

    /// <summary>The query under way.</summary>
    public Task<ImmutableArray<Address>>? Pending { get; set; }

    /// <summary>When the last query failed; null where it did not.</summary>
    public long? FailedAt { get; set; }
}
