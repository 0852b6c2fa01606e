namespace Everyport.Proxy.Live;

/// <summary>How a connection, a flow or a request has ended.</summary>
internal readonly record struct EndedConnection(long Id, DateTimeOffset At, OpenConnection Last, TimeSpan Duration, string Reason, bool HasFailed);
