using Everyport.Proxy.Logs;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>The section <c>AccessLog</c>.</summary>
public class AccessLogTests
{
    [Fact]
    public void Without_it_everything_is_logged_to_standard_output()
    {
        var log = Configurations.Read("{}").AccessLog;
        Assert.Equal(RecordKinds.All, log.Kinds);
        Assert.Null(log.Format);
        Assert.Null(log.Path);
        Assert.Equal((1, 1, 1), (log.RequestShare, log.StreamShare, log.FlowShare));
    }

    [Fact]
    public void Every_key_is_read()
    {
        var log = Configurations.Read(
            """
            {
              "AccessLog": {
                "Kinds": ["requests", "Streams"], "Format": "common", "Path": "/var/log/everyport.log", "ExceptRoutes": ["HEALTH"],
                "Sample": { "Requests": "10%", "Streams": 0.5, "Flows": 1 }
              },
              "ReverseProxy": {
                "Routes": { "health": { "ClusterId": "a", "Match": { "Path": "/healthz" } } },
                "Clusters": { "a": { "Destinations": { "a": { "Address": "http://10.0.0.1/" } } } }
              }
            }
            """).AccessLog;
        Assert.Equal(RecordKinds.Requests | RecordKinds.Streams, log.Kinds);
        Assert.Equal(AccessLogFormat.Common, log.Format);
        Assert.Equal("/var/log/everyport.log", log.Path);
        Assert.Contains("health", (IReadOnlySet<string>)log.ExceptRoutes);
        Assert.Equal((0.1, 0.5, 1), (log.RequestShare, log.StreamShare, log.FlowShare));
    }

    [Fact]
    public void It_can_be_switched_off() =>
        Assert.Equal(RecordKinds.None, Configurations.Read("""{ "AccessLog": { "Enabled": false, "Kinds": ["Flows"] } }""").AccessLog.Kinds);

    [Fact]
    public void Everything_that_is_wrong_is_told() => Configurations.AssertErrors(
        """
        {
          "AccessLog": { "Kinds": "packets", "Format": "xml", "Path": " ", "Sampel": {}, "ExceptRoutes": ["dsn"], "Sample": { "Requests": 0, "Datagrams": 1 } },
          "ReverseProxy": { "Clusters": { "dns": { "Destinations": { "a": { "Address": "udp://10.0.0.7:53" } } } } },
          "Streams": { "dns": { "ClusterId": "dns", "Match": { "Protocol": "udp" } } }
        }
        """,
        "AccessLog:Kinds: 'packets' is not one of 'Requests', 'Streams', 'Flows'",
        "AccessLog:Format: 'xml' is not one of 'Json', 'Text', 'Common', 'Combined'",
        "AccessLog:Path: is empty; expected the path of a file, or no such key for standard output",
        "AccessLog:Sampel: is an unknown key; did you mean 'Sample'?",
        "AccessLog:Sample:Requests: '0' is not a share above zero, such as '20%' or '0.2'",
        "AccessLog:Sample:Datagrams: is an unknown key; expected 'Flows', 'Requests', 'Streams'",
        "AccessLog:ExceptRoutes: 'dsn' is no route of HTTP and no stream; did you mean 'dns'?");
}
