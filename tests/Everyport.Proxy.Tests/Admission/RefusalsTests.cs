using System.Diagnostics.Metrics;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Metrics;
using Everyport.Proxy.Tests.Flows;
using Microsoft.Extensions.Logging;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Admission;

/// <summary>Each refusal is counted, and one in a second of each reason is told.</summary>
public class RefusalsTests
{
    private static readonly Steered Connection = new(To("192.0.2.1:40000"), To("198.51.100.9:25"));
    private readonly Clock _clock = new();
    private readonly Lines _log = new();

    [Fact]
    public void The_log_has_one_line_a_second_of_each_reason_with_its_total()
    {
        var refusals = new Refusals(_clock, _log);
        for (var i = 0; i < 100; i++)
            refusals.Add(RefusalReason.SourceRate, Connection);
        refusals.Add(RefusalReason.RouteConnections, Connection, "mail");
        _clock.Advance(TimeSpan.FromSeconds(1));
        refusals.Add(RefusalReason.SourceRate, Connection);

        Assert.Equal((101, 1, 0), (refusals.Total(RefusalReason.SourceRate), refusals.Total(RefusalReason.RouteConnections), refusals.Total(RefusalReason.Loop)));
        Assert.Collection(
            _log.All,
            first => Assert.StartsWith("Warning: Refused a connection from 192.0.2.1:40000 to 198.51.100.9:25 (SourceRate, 1 so far): ", first, StringComparison.Ordinal),
            second => Assert.Contains("(RouteConnections, 1 so far): as many are open as 'Streams:mail:MaxConnections' allows", second, StringComparison.Ordinal),
            third => Assert.Contains("(SourceRate, 101 so far)", third, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(RefusalReason.TotalConnections), "'Limits:MaxConnections'")]
    [InlineData(nameof(RefusalReason.SourceConnections), "'Limits:MaxConnectionsPerSource'")]
    [InlineData(nameof(RefusalReason.SourceRate), "'Limits:NewConnectionsPerSecondPerSource'")]
    [InlineData(nameof(RefusalReason.RouteConnections), "'Streams:x:MaxConnections'")]
    [InlineData(nameof(RefusalReason.Descriptors), "LimitNOFILE")]
    [InlineData(nameof(RefusalReason.Loop), "\"Action\": \"Pass\"")]
    [InlineData(nameof(RefusalReason.ProxyHeaderMissing), "'ProxyProtocol'")]
    [InlineData(nameof(RefusalReason.ProxyHeaderMalformed), "(x)")]
    [InlineData(nameof(RefusalReason.ProxyHeaderTimedOut), "'Limits:SniffTimeout'")]
    [InlineData(nameof(RefusalReason.ProxyHeaderUntrusted), "'Sources'")]
    public void The_line_says_which_setting_it_ran_into(string reason, string setting) =>
        Assert.Contains(setting, RefusalExplanation.Of(Enum.Parse<RefusalReason>(reason), "x"), StringComparison.Ordinal);

    [Fact]
    public void Every_reason_can_be_counted_and_explained()
    {
        var refusals = new Refusals(_clock, _log);
        foreach (var reason in Enum.GetValues<RefusalReason>())
            refusals.Add(reason, Connection);
        Assert.Equal(Enum.GetValues<RefusalReason>().Length, _log.All.Count);
    }

    [Fact]
    public void The_metric_has_the_reason_as_its_only_tag()
    {
        var measured = new List<string>();
        var thread = Environment.CurrentManagedThreadId; // other tests count with the same instrument
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == EveryportMeter.Name && instrument.Name == "everyport_connections_refused")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread)
                measured.Add($"{value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}");
        });
        listener.Start();

        new Refusals(_clock, _log).Add(RefusalReason.Loop, Connection);
        Assert.Equal(["1 reason=Loop"], measured);
    }

    private sealed class Lines : ILogger<Refusals>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
