using Everyport.Proxy.Connections;
using Everyport.Proxy.Tests.Flows;
using Microsoft.Extensions.Logging;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Connections;

/// <summary>Each loop is counted, and one in a second is told.</summary>
public class LoopCountTests
{
    [Fact]
    public void The_log_has_one_line_a_second_with_the_total()
    {
        var (clock, log) = (new Clock(), new Lines());
        var loops = new LoopCount("TCP", clock, log);
        for (var i = 0; i < 100; i++)
            loops.Add(To("198.51.100.9:25"));
        clock.Advance(TimeSpan.FromSeconds(1));
        loops.Add(To("198.51.100.9:25"));

        Assert.Equal(101, loops.Total);
        Assert.Collection(
            log.All,
            first => Assert.StartsWith("Warning: Closed a loop: a destination is 198.51.100.9:25 over TCP, which the rules steer back to this proxy (1 so far).", first, StringComparison.Ordinal),
            second => Assert.Contains("(101 so far)", second, StringComparison.Ordinal));
    }

    private sealed class Lines : ILogger<LoopCount>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
