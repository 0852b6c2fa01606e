using Everyport.Proxy.Logs;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Live;

/// <summary>How a stream, a flow or a request has ended.</summary>
internal readonly record struct EndedConnection(long Id, DateTimeOffset At, OpenConnection Last, TimeSpan Duration, string Reason, bool HasFailed)
{
    private const string Request = "request";

    public static EndedConnection From(in StreamRecord record, DateTimeOffset now) => new(
        0, now, Seen(OpenConnection.Stream, record.Steered, record.ServerName, record.Route, record.Destination, record.BytesIn, record.BytesOut),
        record.Duration, record.Reason.ToString(), record.IsError);

    public static EndedConnection From(in FlowRecord record, DateTimeOffset now) => new(
        0, now, Seen(OpenConnection.Flow, record.Steered, record.ServerName, record.Route, record.Destination, record.In.Bytes, record.Out.Bytes),
        record.Duration, record.Reason.ToString(), record.IsError);

    public static EndedConnection From(in RequestRecord record, DateTimeOffset now) => new(
        0, now, Seen(Request, record.Steered, $"{record.Method} {record.Host}{record.Target}", record.Route, record.Destination, record.BytesIn, record.BytesOut),
        record.Duration, record.Reason is { } reason ? $"{record.Status} {reason}" : $"{record.Status}", record.IsError);

    private static OpenConnection Seen(string kind, in Steered steered, string? name, string? route, string? destination, long toDestination, long toClient) => new()
    {
        Kind = kind,
        Client = steered.Client,
        Original = steered.Original,
        OpenedAt = 0,
        Name = name,
        Route = route,
        Destination = destination,
        ToDestination = toDestination,
        ToClient = toClient,
    };
}
