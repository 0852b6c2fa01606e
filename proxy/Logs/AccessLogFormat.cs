namespace Everyport.Proxy.Logs;

/// <summary>How a line of the access log looks. The names are values of <c>AccessLog:Format</c>.</summary>
internal enum AccessLogFormat
{
    /// <summary>An object of JSON.</summary>
    Json,

    /// <summary>A sentence, for a terminal.</summary>
    Text,

    /// <summary>The Common Log Format of NCSA and Apache.</summary>
    Common,

    /// <summary>The same with referer and user agent.</summary>
    Combined,
}
