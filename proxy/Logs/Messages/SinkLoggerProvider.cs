using Everyport.Proxy.Logs.Sinks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Everyport.Proxy.Logs.Messages;

/// <summary>
/// Takes the place of the console's provider, under its name and with its formatters: reactors log as well, and must not wait
/// for whoever reads the log.
/// </summary>
[ProviderAlias("Console")]
internal sealed class SinkLoggerProvider(LineSink output, IOptions<ConsoleLoggerOptions> options, IEnumerable<ConsoleFormatter> formatters)
    : ILoggerProvider, ISupportExternalScope
{
    private readonly ConsoleFormatter _formatter =
        formatters.First(formatter => formatter.Name == options.Value.FormatterName);

    private IExternalScopeProvider? _scopes;

    public ILogger CreateLogger(string categoryName) => new SinkLogger(categoryName, output, _formatter, _scopes);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // The output belongs to whoever has opened it.
    }
}
