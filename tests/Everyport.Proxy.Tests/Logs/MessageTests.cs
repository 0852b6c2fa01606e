using System.Text.Json;
using Everyport.Proxy.Logs.Messages;
using Everyport.Proxy.Logs.Sinks;
using Everyport.Proxy.Tests.Configuration;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>Messages on their way to standard output.</summary>
public sealed partial class MessageTests : IDisposable
{
    private const string Forged = "name\n23:00:00 info: forged\x1B[2J\u202E\\ é";

    private readonly BlockedOutput _output = new();

    public MessageTests() => _output.Open();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void They_are_lines_of_JSON_with_a_time()
    {
        var line = Log("{}", isTerminal: false, logger => Refused(logger, Forged));
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain('\x1B', line);
        var json = JsonElement.Parse(line);
        Assert.Equal($"Refused {Forged}", json.GetProperty("Message").GetString());
        Assert.Equal("Warning", json.GetProperty("LogLevel").GetString());
        Assert.True(json.GetProperty("Timestamp").GetDateTime() > new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public void Text_of_others_speaks_to_no_terminal()
    {
        var line = Log("{}", isTerminal: true, logger => Failed(logger, Forged, new InvalidOperationException(Forged)));
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain(line[..^1], character => char.IsControl(character) || character == '\u202E');
        Assert.Contains("Refused name 23:00:00 info: forged\\u001b[2J\\u202e\\ é", line, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_are_those_of_the_configuration() =>
        Assert.Empty(Log("""{ "Logging": { "Console": { "LogLevel": { "Default": "Error" } } } }""", isTerminal: false, logger => Refused(logger, "nobody")));

    private string Log(string configuration, bool isTerminal, Action<ILogger> log)
    {
        using (var sink = new LineSink(_output))
        using (var loggers = Loggers.Create(Configurations.Read(configuration).Logging, sink, isTerminal))
            log(loggers.CreateLogger("Test"));
        return _output.Written;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused {Name}")]
    private static partial void Refused(ILogger logger, string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "Refused {Name}")]
    private static partial void Failed(ILogger logger, string name, Exception exception);
}
