using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Tests.Metrics;

/// <summary>The names of metrics.</summary>
public class MetricNameTests
{
    [Theory]
    [InlineData("everyport_streams_bytes", "By", "everyport_streams_bytes")]
    [InlineData("everyport_http_request_duration", "s", "everyport_http_request_duration_seconds")]
    [InlineData("everyport_things_total", null, "everyport_things")]
    [InlineData("kestrel.active-connections", "{connection}", "kestrel_active_connections")]
    [InlineData("1st..thing", "1", "_1st_thing")]
    public void An_instrument_has_the_name_that_Prometheus_expects(string instrument, string? unit, string name) =>
        Assert.Equal(name, MetricName.Of(instrument, MetricName.UnitOf(unit)));
}
