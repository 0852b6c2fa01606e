namespace Everyport.Proxy.Http.Guard;

/// <summary>
/// How many frames that cost the proxy more than their sender a client may send on an HTTP/2 connection. Rates are frames
/// a second; zero means any number.
/// </summary>
internal sealed record FrameLimits
{
    /// <summary>
    /// RST_STREAM: each undoes a request that may be on its way to the origin already (CVE-2023-44487). Who leaves a page takes back as
    /// many requests as it had open.
    /// </summary>
    public int ResetsPerSecond { get; init; } = 200;

    /// <summary>
    /// PING: each has to be answered. gRPC measures the path with them, one for each round trip, so that many come from a client nearby.
    /// </summary>
    public int PingsPerSecond { get; init; } = 2000;

    /// <summary>SETTINGS: each has to be answered, and walks over all streams.</summary>
    public int SettingsPerSecond { get; init; } = 20;

    /// <summary>Frames that move nothing forward: DATA without data that ends nothing, PRIORITY, and unknown types.</summary>
    public int EmptyFramesPerSecond { get; init; } = 500;

    /// <summary>CONTINUATION frames of one block of headers (CVE-2024-27316).</summary>
    public int MaxContinuations { get; init; } = 16;
}
