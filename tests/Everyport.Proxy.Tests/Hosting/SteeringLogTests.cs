using Everyport.Proxy.Hosting;
using Everyport.Proxy.Tests.Configuration;
using Everyport.Steering;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Tests.Hosting;

/// <summary>What the log says at the start about steering.</summary>
public class SteeringLogTests
{
    [Fact]
    public void A_rule_for_a_service_without_a_socket_is_warned_about()
    {
        var configuration = Configurations.Read(
            """
            { "Steering": { "Rules": {
              "edge": { "Prefixes": ["198.51.100.0/24"] },
              "same": { "Prefixes": ["192.0.2.0/24"], "Action": "Service", "Service": "proxy" },
              "mail": { "Prefixes": ["198.51.100.0/24"], "Ports": "25", "Action": "Service", "Service": "postfix" },
              "none": { "Prefixes": ["198.51.100.0/24"], "Ports": "26", "Action": "Drop" }
            } } }
            """);
        var logger = new Warnings();
        new SteeringLog(logger).Write(configuration, new Publication([], []), [], []);
        Assert.Equal(
            ["The rule 'mail' steers to the service 'postfix', which has no socket: everything that the rule matches is refused until a socket is registered"],
            logger.Messages);
    }

    private sealed class Warnings : ILogger<SteeringLog>
    {
        public List<string> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Messages.Add(formatter(state, exception));
        }
    }
}
