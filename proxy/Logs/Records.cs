using Everyport.Proxy.Live;
using Everyport.Proxy.Tracing;

namespace Everyport.Proxy.Logs;

/// <summary>
/// Where one record arrives of each request, stream and flow when it has ended, from any thread. A kind that nobody wants need
/// not be made: the last streams and flows are always remembered, requests only while somebody looks.
/// </summary>
internal sealed class Records(AccessLog? log, bool hasTraces, TimeProvider time)
{
    /// <summary>The last ones.</summary>
    public Ends Ends { get; } = new();

    /// <summary>For what runs without a log.</summary>
    public static Records None { get; } = new(null, hasTraces: false, TimeProvider.System);

    /// <summary>Whether requests, streams and flows have spans.</summary>
    public bool HasTraces => hasTraces;

    public bool WantsRequests => hasTraces || Ends.IsWatched || log?.Logs(RecordKinds.Requests) == true;

    public void Ended(in RequestRecord record)
    {
        if (Ends.IsWatched)
            Ends.Add(EndedConnection.From(record, time.GetUtcNow()));
        log?.Write(record);
    }

    public void Ended(in StreamRecord record)
    {
        Ends.Add(EndedConnection.From(record, time.GetUtcNow()));
        var trace = hasTraces ? StreamSpans.Add(record, time.GetUtcNow()) : default;
        log?.Write(record with { Trace = trace });
    }

    public void Ended(in FlowRecord record)
    {
        Ends.Add(EndedConnection.From(record, time.GetUtcNow()));
        var trace = hasTraces ? StreamSpans.Add(record, time.GetUtcNow()) : default;
        log?.Write(record with { Trace = trace });
    }
}
