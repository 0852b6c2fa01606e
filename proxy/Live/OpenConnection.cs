using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Live;

/// <summary>An open connection or flow as it was seen at one moment.</summary>
internal readonly record struct OpenConnection
{
    /// <summary>The kinds.</summary>
    public const string Http = "http", Stream = "stream", Flow = "flow";

    /// <summary>Tells it from every other one of its <see cref="Kind"/>.</summary>
    public long Id { get; init; }

    /// <summary>One of <see cref="Http"/>, <see cref="Stream"/> and <see cref="Flow"/>; for what has ended, also a request.</summary>
    public required string Kind { get; init; }

    public required Endpoint Client { get; init; }

    /// <summary>The original destination.</summary>
    public required Endpoint Original { get; init; }

    /// <summary>The name that the client asks for, by TLS or as a host.</summary>
    public string? Name { get; init; }

    /// <summary>The route, or that of the last request; null where there was none yet.</summary>
    public string? Route { get; init; }

    /// <summary>The name of the destination.</summary>
    public string? Destination { get; init; }

    public long ToDestination { get; init; }

    public long ToClient { get; init; }

    /// <summary>When it was opened, by <see cref="Environment.TickCount64"/>.</summary>
    public required long OpenedAt { get; init; }
}
