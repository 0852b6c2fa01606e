using Everyport.Proxy.Admission;

namespace Everyport.Proxy.Connections;

/// <summary>What the acceptors of all reactors have in common.</summary>
internal sealed record AcceptorsShare(Func<ConnectionLimit> Total, ConnectionBalance Balance, Refusals Refusals, SpareDescriptor Spare)
{
    /// <summary>All acceptors, by the number of their reactor.</summary>
    public IReadOnlyList<Acceptor> Acceptors { get; set; } = [];
}
