namespace Everyport.Proxy.Connections;

/// <summary>A connection to a destination, or the error (errno) that there is none.</summary>
internal readonly record struct DialResult(UpstreamConnection? Connection, int Error)
{
    public static DialResult Failed(int error) => new(null, Math.Abs(error));
}
