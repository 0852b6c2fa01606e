using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Live;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Sniffing.Quic;

namespace Everyport.Proxy.Flows;

/// <summary>
/// One client and one original destination, with the sockets that serve them. Kept by a <see cref="FlowTable"/>, opened and
/// closed by its <see cref="FlowEngine"/>, and touched by no other thread.
/// </summary>
internal sealed class Flow(FlowKey key, FlowRoute route, DestinationState destination, UpstreamSocket upstream) : ReactorTimer, ILive
{
    private const int MostConnectionIds = 4;

    private QuicConnectionId[] _connectionIds = [];

    public FlowKey Key => key;

    public FlowRoute Route => route;

    public DestinationState Destination => destination;

    public UpstreamSocket Upstream => upstream;

    /// <summary>Where it was counted for its source.</summary>
    public SourceLimits? Sources { get; init; }

    /// <summary>Where it adds what it moves.</summary>
    public RouteTraffic Traffic { get; init; } = new();

    /// <summary>Where answers leave from; null until there is one.</summary>
    public ReplySocket? Reply { get; set; }

    /// <summary>Whether the client has begun as QUIC does.</summary>
    public bool IsQuic { get; set; }

    /// <summary>The name in the hello of QUIC, where that was read.</summary>
    public string? ServerName { get; set; }

    /// <summary>The IDs of the QUIC connection in it that its server has shown: one, or two after a Retry.</summary>
    public ReadOnlySpan<QuicConnectionId> ConnectionIds => _connectionIds;

    /// <summary>When it was opened, in milliseconds.</summary>
    public long OpenedAt { get; init; }

    public FlowCount ToDestination, ToClient;

    public ReplyBudget Budget = new(route.Settings.ReplyBudget);

    /// <summary>What epoll knows the flow by; never used twice.</summary>
    internal ulong Id { get; set; }

    /// <summary>When a datagram last went either way, in milliseconds.</summary>
    internal long LastUsed { get; set; }

    /// <summary>The order it is in; null once it is no longer in the table.</summary>
    internal FlowOrder? Order { get; set; }

    /// <summary>Its neighbours there.</summary>
    internal Flow? Older { get; set; }

    /// <inheritdoc cref="Older"/>
    internal Flow? Newer { get; set; }

    /// <summary>The table that times it.</summary>
    internal FlowTable? Table { get; set; }

    /// <summary>Notes an ID. False where it is known, or where the server shows more than any does.</summary>
    public bool TryAddConnectionId(QuicConnectionId id)
    {
        if (_connectionIds.Length >= MostConnectionIds || _connectionIds.Contains(id))
            return false;
        _connectionIds = [.. _connectionIds, id];
        return true;
    }

    public ShelfPlace Place { get; set; }

    public OpenConnection Look() => new()
    {
        Kind = OpenConnection.Flow,
        Client = key.Client,
        Original = key.Original,
        Name = ServerName,
        Route = route.Route.Name,
        Destination = destination.Destination.Name,
        ToDestination = ToDestination.Bytes,
        ToClient = ToClient.Bytes,
        OpenedAt = OpenedAt,
    };

    public override void OnDeadline() => Table?.IdleTimeoutMayBeOver(this);
}
