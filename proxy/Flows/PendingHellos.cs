using System.Diagnostics.CodeAnalysis;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Flows;

/// <summary>
/// Clients of one thread whose hello is not complete yet: few, and not for long. The parts of a hello are sent one right
/// after the other, so that who has been waiting for longest is the one to go where there are too many.
/// </summary>
internal sealed class PendingHellos(long now) : IDisposable
{
    /// <summary>Each keeps up to <see cref="Sniffing.Quic.QuicSniffer.MaxDatagrams"/> datagrams, and usually one.</summary>
    public const int Most = 1024;

    private readonly Dictionary<FlowKey, PendingHello> _byKey = [];
    private readonly Queue<PendingHello> _byAge = new();
    private readonly TimerWheel _timers = new(now);

    public int Count => _byKey.Count;

    public bool TryFind(in FlowKey key, [NotNullWhen(true)] out PendingHello? pending) => _byKey.TryGetValue(key, out pending);

    /// <summary>Adds a client, and returns the one that has to go for it, if any.</summary>
    public PendingHello? Add(PendingHello pending, long now)
    {
        PendingHello? gone = null;
        while (_byAge.TryPeek(out var oldest) && (_byKey.Count >= Most || !IsHere(oldest)))
        {
            _byAge.Dequeue();
            if (!IsHere(oldest))
                continue;
            Remove(oldest);
            gone = oldest;
        }
        _byKey.Add(pending.Key, pending);
        _byAge.Enqueue(pending);
        _timers.Start(pending, now + (long)pending.Rules.HelloTimeout.TotalMilliseconds);
        return gone;
    }

    public void Remove(PendingHello pending)
    {
        _byKey.Remove(pending.Key);
        _timers.Stop(pending);
    }

    /// <summary>Calls those whose time is over.</summary>
    public void Advance(long now) => _timers.Advance(now);

    public void Dispose()
    {
        foreach (var pending in _byKey.Values)
            pending.Dispose();
        _byKey.Clear();
    }

    private bool IsHere(PendingHello pending) => _byKey.TryGetValue(pending.Key, out var here) && here == pending;
}
