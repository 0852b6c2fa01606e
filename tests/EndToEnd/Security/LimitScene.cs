namespace Everyport.EndToEnd.Tests.Security;

/// <summary>The same with limits that a test can wait for.</summary>
public sealed class LimitScene() : SecurityScene(
    """
    , "Http": {
      "MaxRequestLine": 1000, "MaxHeaderBytes": 4000, "MaxHeaderCount": 20, "MaxBodyBytes": 100000, "HeaderTimeout": "00:00:02", "KeepAliveTimeout": "00:00:02",
      "MinBodyRate": 1000, "MinResponseRate": 1000000, "RateGrace": "00:00:02", "MaxRequestsPerConnection": 3, "Http2": { "MaxStreams": 5 }
    }
    """);
