using Everyport.Proxy.Logs;

namespace Everyport.Proxy.Live;

/// <summary>How a stream, a flow or a request has ended.</summary>
internal readonly record struct EndedConnection(long Id, DateTimeOffset At, OpenConnection Last, TimeSpan Duration, string Reason, bool HasFailed)
{
    public static EndedConnection From(in StreamRecord record, DateTimeOffset now) => new(
        0, now,
        new OpenConnection
        {
            Kind = OpenConnection.Stream,
            Client = record.Steered.Client,
            Original = record.Steered.Original,
            OpenedAt = 0,
            Name = record.ServerName,
            Route = record.Route,
            Destination = record.Destination,
            ToDestination = record.BytesIn,
            ToClient = record.BytesOut,
        },
        record.Duration, record.Reason.ToString(), record.IsError);

    public static EndedConnection From(in FlowRecord record, DateTimeOffset now) => new(
        0, now,
        new OpenConnection
        {
            Kind = OpenConnection.Flow,
            Client = record.Steered.Client,
            Original = record.Steered.Original,
            OpenedAt = 0,
            Name = record.ServerName,
            Route = record.Route,
            Destination = record.Destination,
            ToDestination = record.In.Bytes,
            ToClient = record.Out.Bytes,
        },
        record.Duration, record.Reason.ToString(), record.IsError);

    public static EndedConnection From(in RequestRecord record, DateTimeOffset now) => new(
        0, now,
        new OpenConnection
        {
            Kind = "request",
            Client = record.Steered.Client,
            Original = record.Steered.Original,
            OpenedAt = 0,
            Name = $"{record.Method} {record.Host}{record.Target}",
            Route = record.Route,
            Destination = record.Destination,
            ToDestination = record.BytesIn,
            ToClient = record.BytesOut,
        },
        record.Duration, record.Reason is { } reason ? $"{record.Status} {reason}" : $"{record.Status}", record.IsError);
}
