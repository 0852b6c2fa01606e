using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Tests.Metrics;

/// <summary>Which format a scraper gets.</summary>
public class FormatNegotiationTests
{
    [Theory]
    // Prometheus 2 and 3, curl, a browser.
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "OpenMetrics")]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3", "OpenMetrics")]
    [InlineData("*/*", "Text")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Text")]
    [InlineData("", "Text")]
    [InlineData("application/openmetrics-text", "OpenMetrics")]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", "OpenMetrics")]
    [InlineData("application/openmetrics-text; version=\"1.0.0\"", "OpenMetrics")]
    [InlineData("Application/OpenMetrics-Text", "OpenMetrics")]
    [InlineData("application/openmetrics-text; version=2.0.0", "Text")]
    [InlineData("application/openmetrics-text;q=0, text/plain", "Text")]
    [InlineData("application/openmetrics-text;q=0", "Text")]
    [InlineData("application/openmetrics-text;q=0.5, text/plain;q=0.6", "Text")]
    [InlineData("application/openmetrics-text;q=0.5, text/plain;q=0.5", "OpenMetrics")]
    [InlineData("text/plain;version=0.0.4;q=0.2, application/openmetrics-text;q=0.3", "OpenMetrics")]
    [InlineData("application/*", "OpenMetrics")]
    [InlineData("text/*, application/*;q=0.9", "Text")]
    [InlineData("application/json", "Text")]
    [InlineData("this is no list of ranges", "Text")]
    [InlineData("application/openmetrics-text;version=1.0.0;q=oops", "OpenMetrics")]
    public void The_format_that_is_preferred_is_taken(string accept, string format) => Assert.Equal(format, FormatNegotiation.Choose(accept).ToString());

    [Fact]
    public void Without_a_header_it_is_text() => Assert.Equal(ExpositionFormat.Text, FormatNegotiation.Choose(default));

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("deflate, GZIP;q=0.5, br", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("identity", false)]
    [InlineData("", false)]
    public void It_is_compressed_for_who_takes_that(string acceptEncoding, bool allowed) => Assert.Equal(allowed, FormatNegotiation.AllowsGzip(acceptEncoding));
}
