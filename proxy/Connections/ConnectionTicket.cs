using Everyport.Proxy.Admission;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Connections;

/// <summary>What a connection counts for: returned when it has ended, wherever that is.</summary>
internal sealed class ConnectionTicket(ConnectionLimit total) : IDisposable
{
    private SourceLimits? _sources;
    private Address _source;

    /// <summary>Counts for its source too, or is refused.</summary>
    public bool TryEnter(SourceLimits sources, Address source, out RefusalReason reason)
    {
        if (!sources.TryEnter(source, out reason))
            return false;
        (_sources, _source) = (sources, source);
        return true;
    }

    public void Dispose()
    {
        _sources?.Leave(_source);
        total.Leave();
    }
}
