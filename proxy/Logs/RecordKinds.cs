namespace Everyport.Proxy.Logs;

/// <summary>What there are records of. The names are values of <c>AccessLog:Kinds</c>.</summary>
[Flags]
internal enum RecordKinds
{
    None = 0,
    Requests = 1,
    Streams = 2,
    Flows = 4,
    All = Requests | Streams | Flows,
}
