using System.Globalization;
using Everyport.Proxy.Http.Guard;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads <c>Limits:Http</c>.</summary>
internal static class HttpLimitsReader
{
    /// <summary>As much as Kestrel keeps of what a client has sent.</summary>
    private const int MostHeaderBytes = 1 << 20;

    private const int MostPerSecond = 1_000_000, LeastWindow = 65_535;

    /// <summary>Kestrel looks at its clock once a second.</summary>
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(2);

    public static HttpLimits Read(SectionReader section)
    {
        var defaults = new HttpLimits();
        var limits = new HttpLimits
        {
            MaxRequestLine = section.Number("MaxRequestLine", defaults.MaxRequestLine, 256, MostHeaderBytes),
            MaxHeaderBytes = section.Number("MaxHeaderBytes", defaults.MaxHeaderBytes, 1024, MostHeaderBytes),
            MaxHeaderCount = section.Number("MaxHeaderCount", defaults.MaxHeaderCount, 10, 10_000),
            MaxBodyBytes = section.Value("MaxBodyBytes", defaults.MaxBodyBytes, ParseBytesOrOff),
            HeaderTimeout = section.Duration("HeaderTimeout", defaults.HeaderTimeout),
            KeepAliveTimeout = section.Duration("KeepAliveTimeout", defaults.KeepAliveTimeout),
            MinBodyRate = section.NumberOrOff("MinBodyRate", defaults.MinBodyRate, int.MaxValue),
            MinResponseRate = section.NumberOrOff("MinResponseRate", defaults.MinResponseRate, int.MaxValue),
            RateGrace = section.Duration("RateGrace", defaults.RateGrace),
            MaxRequestsPerConnection = section.NumberOrOff("MaxRequestsPerConnection", defaults.MaxRequestsPerConnection, int.MaxValue),
            Http2 = ReadHttp2(section.Section("Http2"), defaults.Http2),
        };
        if (limits.RateGrace < LeastGrace)
            section.Error("RateGrace", $"'{section.Text("RateGrace")}' is less than '00:00:02', and rates are measured by the second");
        section.RejectUnknown();
        return limits;
    }

    private static Http2Settings ReadHttp2(SectionReader section, Http2Settings defaults)
    {
        var settings = new Http2Settings
        {
            MaxStreams = section.Number("MaxStreams", defaults.MaxStreams, 1, 10_000),
            StreamWindow = section.Number("StreamWindow", defaults.StreamWindow, LeastWindow, int.MaxValue),
            ConnectionWindow = section.Number("ConnectionWindow", defaults.ConnectionWindow, LeastWindow, int.MaxValue),
            MaxHeaderField = section.Number("MaxHeaderField", defaults.MaxHeaderField, 256, MostHeaderBytes),
            KeepAlivePing = section.DurationOrOff("KeepAlivePing", defaults.KeepAlivePing),
            KeepAlivePingTimeout = section.Duration("KeepAlivePingTimeout", defaults.KeepAlivePingTimeout),
            Frames = ReadFrames(section, defaults.Frames),
        };
        if (settings.ConnectionWindow < settings.StreamWindow)
            section.Error(section.Has("ConnectionWindow") ? "ConnectionWindow" : "StreamWindow",
                $"the window of a connection ({settings.ConnectionWindow}) is smaller than that of one of its streams ({settings.StreamWindow}), which could never be used up");
        RejectShort(section, "KeepAlivePing", settings.KeepAlivePing ?? TimeSpan.MaxValue);
        RejectShort(section, "KeepAlivePingTimeout", settings.KeepAlivePingTimeout);
        section.RejectUnknown();
        return settings;
    }

    private static FrameLimits ReadFrames(SectionReader section, FrameLimits defaults)
    {
        return new()
        {
            ResetsPerSecond = Rate("MaxResetsPerSecond", defaults.ResetsPerSecond),
            PingsPerSecond = Rate("MaxPingsPerSecond", defaults.PingsPerSecond),
            SettingsPerSecond = Rate("MaxSettingsPerSecond", defaults.SettingsPerSecond),
            EmptyFramesPerSecond = Rate("MaxEmptyFramesPerSecond", defaults.EmptyFramesPerSecond),
            MaxContinuations = Rate("MaxContinuations", defaults.MaxContinuations),
        };

        int Rate(string key, int fallback) => section.NumberOrOff(key, fallback, MostPerSecond) ?? 0;
    }

    private static void RejectShort(SectionReader section, string key, TimeSpan value)
    {
        if (value < TimeSpan.FromSeconds(1))
            section.Error(key, $"'{section.Text(key)}' is less than a second, and time is measured by the second here");
    }

    private static bool ParseBytesOrOff(string text, out long? value, out string? error)
    {
        (value, error) = (null, null);
        if (text.Equals("off", StringComparison.OrdinalIgnoreCase))
            return true;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            value = bytes;
        else
            error = $"'{text}' is neither 'off' nor a number of bytes";
        return error is null;
    }
}
