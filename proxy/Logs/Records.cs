namespace Everyport.Proxy.Logs;

/// <summary>
/// Where one record arrives of each request, stream and flow when it has ended, from any thread. A kind that nobody wants need
/// not be made.
/// </summary>
internal sealed class Records(AccessLog? log)
{
    /// <summary>For what runs without a log.</summary>
    public static Records None { get; } = new(null);

    public bool WantsRequests => log?.Logs(RecordKinds.Requests) == true;

    public bool WantsStreams => log?.Logs(RecordKinds.Streams) == true;

    public bool WantsFlows => log?.Logs(RecordKinds.Flows) == true;

    public void Ended(in RequestRecord record) => log?.Write(record);

    public void Ended(in StreamRecord record) => log?.Write(record);

    public void Ended(in FlowRecord record) => log?.Write(record);
}
