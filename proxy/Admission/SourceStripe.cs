using System.Runtime.InteropServices;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Admission;

/// <summary>Some of the sources of <see cref="SourceLimits"/>, under one lock.</summary>
internal sealed class SourceStripe(int maxIdle)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Address, Source> _sources = [];

    /// <summary>
    /// Sources that have been without a connection, in that order. One that has got some again is passed over when its
    /// turn comes, so that no connection has to search for its place here.
    /// </summary>
    private readonly Queue<Address> _idle = new();

    public int Count
    {
        get
        {
            lock (_gate)
                return _sources.Count;
        }
    }

    public bool TryEnter(Address prefix, int maxConnections, SourceRate? rate, long now, out RefusalReason reason)
    {
        lock (_gate)
        {
            Forget(now);
            ref var source = ref CollectionsMarshal.GetValueRefOrAddDefault(_sources, prefix, out _);
            reason = RefusalReason.SourceConnections;
            if (source.Connections >= maxConnections)
                return false;
            reason = RefusalReason.SourceRate;
            if (rate?.TryTake(ref source.FullAt, now) == false)
                return false;
            source.Connections++;
            return true;
        }
    }

    public void Leave(Address prefix, long now)
    {
        lock (_gate)
        {
            ref var source = ref CollectionsMarshal.GetValueRefOrNullRef(_sources, prefix);
            if (--source.Connections > 0)
                return;
            if (!source.IsQueued)
            {
                source.IsQueued = true;
                _idle.Enqueue(prefix);
            }
            Forget(now);
        }
    }

    /// <summary>Forgets whose burst is full again, and those who are too many.</summary>
    private void Forget(long now)
    {
        while (_idle.TryPeek(out var prefix))
        {
            ref var source = ref CollectionsMarshal.GetValueRefOrNullRef(_sources, prefix);
            if (source.Connections == 0 && source.FullAt > now && _idle.Count <= maxIdle)
                return;
            _idle.Dequeue();
            source.IsQueued = false;
            if (source.Connections == 0)
                _sources.Remove(prefix);
        }
    }

    private struct Source
    {
        public int Connections;

        /// <summary>See <see cref="SourceRate"/>.</summary>
        public long FullAt;

        public bool IsQueued;
    }
}
