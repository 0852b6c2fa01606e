using Everyport.Proxy.Tracing;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>The section <c>Telemetry</c>.</summary>
public class TelemetryTests
{
    [Fact]
    public void Without_it_nothing_is_sent()
    {
        var telemetry = Configurations.Read("{}").Telemetry;
        Assert.False(telemetry.HasTraces || telemetry.HasMetrics);
    }

    [Fact]
    public void With_a_collector_traces_and_metrics_are_sent()
    {
        var telemetry = Configurations.Read("""{ "Telemetry": { "Otlp": { "Endpoint": "http://127.0.0.1:4317" } } }""").Telemetry;
        Assert.True(telemetry.HasTraces && telemetry.HasMetrics);
        Assert.Equal((1, TimeSpan.FromMinutes(1)), (telemetry.TraceShare, telemetry.MetricsInterval));
        Assert.Equal(OtlpProtocol.Grpc, telemetry.Otlp!.Protocol);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var telemetry = Configurations.Read(
            """
            { "Telemetry": {
                "Otlp": { "Endpoint": "https://collector.example:4318/base", "Protocol": "http/protobuf", "Headers": { "X-Token": "a=b" } },
                "Traces": { "SampleRatio": "10%" }, "Metrics": { "Interval": "off" } } }
            """).Telemetry;
        Assert.Equal(OtlpProtocol.HttpProtobuf, telemetry.Otlp!.Protocol);
        Assert.Equal(KeyValuePair.Create("X-Token", "a=b"), Assert.Single(telemetry.Otlp.Headers));
        Assert.Equal(0.1, telemetry.TraceShare);
        Assert.True(telemetry.HasTraces);
        Assert.False(telemetry.HasMetrics);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told() => Configurations.AssertErrors(
        """
        { "Telemetry": {
            "Otlp": { "Endpoint": "127.0.0.1:4317", "Protocol": "udp", "Headers": { "a b": "1", "X-List": "1,2" }, "Timeout": 1 },
            "Traces": { "SampleRatio": 2 }, "Metrics": { "Interval": "5" } } }
        """,
        "Telemetry:Otlp:Endpoint: '127.0.0.1:4317' is not the address of a collector, such as 'http://127.0.0.1:4317' for gRPC or 'http://127.0.0.1:4318' for HTTP",
        "Telemetry:Otlp:Protocol: 'udp' is not one of 'grpc', 'http/protobuf'",
        "Telemetry:Otlp:Headers:a b: is no name of a header that can be sent; expected letters, digits and hyphens",
        "Telemetry:Otlp:Headers:X-List: cannot be sent; expected printable ASCII without a comma",
        "Telemetry:Otlp:Timeout: is an unknown key; expected 'Endpoint', 'Headers', 'Protocol'",
        "Telemetry:Traces:SampleRatio: '2' is not a share above zero, such as '20%' or '0.2', or 'off'",
        "Telemetry:Metrics:Interval: '5' is not a time span above zero and up to one day, such as '00:00:03', or 'off'");

    [Fact]
    public void What_is_sent_nowhere_is_an_error() => Configurations.AssertErrors(
        """{ "Telemetry": { "Otlp": { "Protocol": "grpc" }, "Traces": { "SampleRatio": 1 } } }""",
        "Telemetry:Otlp:Endpoint: is missing; expected where traces and metrics are to be sent, such as 'http://127.0.0.1:4317'");
}
