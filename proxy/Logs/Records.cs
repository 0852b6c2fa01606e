using Everyport.Proxy.Tracing;

namespace Everyport.Proxy.Logs;

/// <summary>
/// Where one record arrives of each request, stream and flow when it has ended, from any thread. A kind that nobody wants need
/// not be made.
/// </summary>
internal sealed class Records(AccessLog? log, bool hasTraces, TimeProvider time)
{
    /// <summary>For what runs without a log.</summary>
    public static Records None { get; } = new(null, hasTraces: false, TimeProvider.System);

    /// <summary>Whether requests and streams have spans.</summary>
    public bool HasTraces => hasTraces;

    public bool WantsRequests => hasTraces || log?.Logs(RecordKinds.Requests) == true;

    public bool WantsStreams => hasTraces || log?.Logs(RecordKinds.Streams) == true;

    public bool WantsFlows => log?.Logs(RecordKinds.Flows) == true;

    public void Ended(in RequestRecord record) => log?.Write(record);

    public void Ended(in StreamRecord record)
    {
        var trace = hasTraces ? StreamSpans.Add(record, time.GetUtcNow()) : default;
        log?.Write(record with { Trace = trace });
    }

    public void Ended(in FlowRecord record) => log?.Write(record);
}
