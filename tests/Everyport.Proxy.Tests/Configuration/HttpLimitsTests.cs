using Everyport.Proxy.Http.Guard;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>What is read from <c>Limits:Http</c>.</summary>
public class HttpLimitsTests
{
    [Fact]
    public void Everything_but_bodies_and_the_number_of_requests_is_limited_unless_told_otherwise()
    {
        var limits = Read("{}").Limits.Http;
        Assert.Equal(new HttpLimits(), limits);
        Assert.Null(limits.MaxBodyBytes);
        Assert.Null(limits.MaxRequestsPerConnection);
        Assert.NotNull(limits.MinBodyRate);
    }

    [Fact]
    public void Every_limit_is_as_configured() => Assert.Equal(
        new HttpLimits
        {
            MaxRequestLine = 1000,
            MaxHeaderBytes = 2000,
            MaxHeaderCount = 30,
            MaxBodyBytes = 5_000_000_000,
            HeaderTimeout = TimeSpan.FromSeconds(4),
            KeepAliveTimeout = TimeSpan.FromSeconds(5),
            MinBodyRate = 6,
            MinResponseRate = null,
            RateGrace = TimeSpan.FromSeconds(7),
            MaxRequestsPerConnection = 8,
            Http2 = new()
            {
                MaxStreams = 9,
                StreamWindow = 100_000,
                ConnectionWindow = 200_000,
                MaxHeaderField = 1100,
                KeepAlivePing = null,
                KeepAlivePingTimeout = TimeSpan.FromSeconds(12),
                Frames = new() { ResetsPerSecond = 13, PingsPerSecond = 14, SettingsPerSecond = 15, EmptyFramesPerSecond = 0, MaxContinuations = 16 },
            },
        },
        Read("""
            { "Limits": { "Http": {
              "MaxRequestLine": 1000, "MaxHeaderBytes": 2000, "MaxHeaderCount": 30, "MaxBodyBytes": 5000000000, "HeaderTimeout": "00:00:04", "KeepAliveTimeout": "00:00:05",
              "MinBodyRate": 6, "MinResponseRate": "off", "RateGrace": "00:00:07", "MaxRequestsPerConnection": 8,
              "Http2": { "MaxStreams": 9, "StreamWindow": 100000, "ConnectionWindow": 200000, "MaxHeaderField": 1100, "KeepAlivePing": "off", "KeepAlivePingTimeout": "00:00:12",
                "MaxResetsPerSecond": 13, "MaxPingsPerSecond": 14, "MaxSettingsPerSecond": 15, "MaxEmptyFramesPerSecond": "off", "MaxContinuations": 16 }
            } } }
            """).Limits.Http);

    [Fact]
    public void Values_out_of_bounds_are_errors() => AssertErrors(
        """
        { "Limits": { "Http": {
          "MaxRequestLine": 10, "MaxHeaderBytes": 2000000, "MaxHeaderCount": 0, "MaxBodyBytes": -1, "HeaderTimeout": "5", "MinBodyRate": 0, "RateGrace": "00:00:01", "HeaderTimout": 1,
          "Http2": { "MaxStreams": 0, "StreamWindow": 1, "ConnectionWindow": 100000, "KeepAlivePing": "00:00:00.5", "MaxPingsPerSecond": "none", "MaxPingPerSecond": 1 }
        } } }
        """,
        "Limits:Http:MaxRequestLine: '10' is not a number from 256 to 1048576",
        "Limits:Http:MaxHeaderBytes: '2000000' is not a number from 1024 to 1048576",
        "Limits:Http:MaxHeaderCount: '0' is not a number from 10 to 10000",
        "Limits:Http:MaxBodyBytes: '-1' is neither 'off' nor a number of bytes",
        "Limits:Http:HeaderTimeout: '5' is not a time span above zero and up to one day, such as '00:00:03'",
        "Limits:Http:MinBodyRate: '0' is neither 'off' nor a number from 1 to 2147483647",
        "Limits:Http:RateGrace: '00:00:01' is less than '00:00:02', and rates are measured by the second",
        "Limits:Http:HeaderTimout: is an unknown key; did you mean 'HeaderTimeout'?",
        "Limits:Http:Http2:MaxStreams: '0' is not a number from 1 to 10000",
        "Limits:Http:Http2:StreamWindow: '1' is not a number from 65535 to 2147483647",
        "Limits:Http:Http2:ConnectionWindow: the window of a connection (100000) is smaller than that of one of its streams (786432), which could never be used up",
        "Limits:Http:Http2:KeepAlivePing: '00:00:00.5' is less than a second, and time is measured by the second here",
        "Limits:Http:Http2:MaxPingsPerSecond: 'none' is neither 'off' nor a number from 1 to 1000000",
        "Limits:Http:Http2:MaxPingPerSecond: is an unknown key; did you mean 'MaxPingsPerSecond'?");
}
