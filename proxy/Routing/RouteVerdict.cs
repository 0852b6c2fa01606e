namespace Everyport.Proxy.Routing;

/// <summary>Who takes a connection: the HTTP host, which then chooses among its routes, or a stream, or nobody.</summary>
internal readonly record struct RouteVerdict(bool IsHttp, StreamRoute? Stream)
{
    public static RouteVerdict Http { get; } = new(true, null);
}
