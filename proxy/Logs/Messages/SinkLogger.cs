using System.Globalization;
using System.Text;
using Everyport.Proxy.Logs.Formats;
using Everyport.Proxy.Logs.Sinks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Everyport.Proxy.Logs.Messages;

/// <summary>Messages of one category. What clients have written into one of them cannot begin a new line, or speak to a terminal.</summary>
internal sealed class SinkLogger(string category, LineSink output, ConsoleFormatter form, IExternalScopeProvider? scopes) : ILogger
{
    private readonly bool _isText = form.Name != ConsoleFormatterNames.Json;

    [ThreadStatic]
    private static StringWriter? _ofThread;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => scopes?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var writer = _ofThread ??= new StringWriter();
        writer.GetStringBuilder().Clear();
        if (_isText)
            form.Write(new LogEntry<string>(logLevel, category, eventId, Plain(formatter(state, exception), exception), null, static (text, _) => text), scopes, writer);
        else
            form.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), scopes, writer);

        var line = Line.Begin();
        foreach (var chunk in writer.GetStringBuilder().GetChunks())
            line.AppendUtf8(chunk.Span);
        if (line.Length > 0)
            output.TryWrite(line.Written);
    }

    private static string Plain(string message, Exception? exception)
    {
        var text = exception is null ? message : $"{message} {exception}";
        return text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? Escaped(text) : text;
    }

    /// <summary>Each line of a stack trace follows the one before; whatever else is not printable is written by its number.</summary>
    private static string Escaped(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character == '\n')
                plain.Append(' ');
            else if (char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                plain.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            else
                plain.Append(character);
        }
        return plain.ToString();
    }
}
