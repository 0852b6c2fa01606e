namespace Everyport.Proxy.Http.Guard;

/// <summary>What the log says about a client that ran into a limit: which one, and what to change.</summary>
internal static class HttpLimitExplanation
{
    public static string Of(HttpLimit limit) => limit switch
    {
        HttpLimit.Syntax => "it does not follow the standard, or can be read in two ways",
        HttpLimit.RequestLine => Raise("the request line is longer", "MaxRequestLine"),
        HttpLimit.HeaderBytes => Raise("the headers are longer", "MaxHeaderBytes"),
        HttpLimit.HeaderCount => Raise("there are more headers", "MaxHeaderCount"),
        HttpLimit.HeaderTimeout => "the headers were not there within 'Limits:Http:HeaderTimeout'",
        HttpLimit.BodyRate => Slow("the body came", "MinBodyRate"),
        HttpLimit.ResponseRate => Slow("the answer was taken", "MinResponseRate"),
        HttpLimit.KeepAlive => "no request came within 'Limits:Http:KeepAliveTimeout', or no answer to a ping",
        HttpLimit.Requests => "the connection had as many requests as 'Limits:Http:MaxRequestsPerConnection' allows",
        HttpLimit.Streams => "requests were made and taken back faster than the origin could be told",
        HttpLimit.Resets => Raise("more requests were taken back", "Http2:MaxResetsPerSecond"),
        HttpLimit.Pings => Raise("more pings came", "Http2:MaxPingsPerSecond"),
        HttpLimit.Settings => Raise("more settings came", "Http2:MaxSettingsPerSecond"),
        HttpLimit.EmptyFrames => Raise("more frames that do nothing came", "Http2:MaxEmptyFramesPerSecond"),
        HttpLimit.Continuations => Raise("the headers came in more pieces", "Http2:MaxContinuations"),
        HttpLimit.UnreadFrames => "the client asks on and does not read the answers",
        _ => throw new ArgumentOutOfRangeException(nameof(limit), limit, null),
    };

    private static string Raise(string what, string key) =>
        $"{what} than 'Limits:Http:{key}' allows. Raise it where honest clients need more";

    private static string Slow(string what, string key) =>
        $"{what} more slowly than 'Limits:Http:{key}'. Lower it where honest clients are slower, or set it to 'off'";
}
