using Everyport.Proxy.Admission;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Connections;

/// <summary>What a connection counts for: returned when it has ended, wherever that is.</summary>
internal sealed class ConnectionTicket(ConnectionLimit total) : IDisposable
{
    private SourceLimits? _sources;
    private Address _source;
    private bool _isGiven;
    private int _isReturned;

    /// <summary>Counts for its source too, or is refused.</summary>
    public bool TryEnter(SourceLimits sources, Address source, out RefusalReason reason)
    {
        if (!sources.TryEnter(source, out reason))
            return false;
        (_sources, _source) = (sources, source);
        return true;
    }

    /// <summary>Whoever serves the connection from now on disposes of the ticket.</summary>
    public ConnectionTicket Give()
    {
        _isGiven = true;
        return this;
    }

    public void DisposeUnlessGiven()
    {
        if (!_isGiven)
            Dispose();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) != 0)
            return;
        _sources?.Leave(_source);
        total.Leave();
    }
}
