using System.Text;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Logs.Sinks;
using Everyport.Proxy.Reload;
using Everyport.Proxy.Tracing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Logs;

/// <summary>All that the proxy writes for people and programs to read: messages, the access log, traces and metrics for a collector. The first to be there and the last to go.</summary>
internal sealed partial class ProxyLogs : IDisposable
{
    private readonly LineSink _output = new(new StandardOutput());
    private readonly LoggingInForce _logging;
    private readonly AccessLog _access;
    private readonly Telemetry? _telemetry;

    private ProxyLogs(ProxyConfiguration configuration)
    {
        var isTerminal = !Console.IsOutputRedirected;
        _logging = new LoggingInForce(configuration.Logging);
        Loggers = Messages.Loggers.Create(_logging.Section, _output, isTerminal);
        var logger = Loggers.CreateLogger<LineSink>();
        _output.Complaints = logger;
        _access = new AccessLog(_output, isTerminal, TimeProvider.System, logger);
        _telemetry = Telemetry.Start(configuration.Telemetry, Loggers);
        Records = new Records(_access, configuration.Telemetry.HasTraces, TimeProvider.System);
    }

    public ILoggerFactory Loggers { get; }

    public Records Records { get; }

    /// <exception cref="StartupException">The file of the access log cannot be opened.</exception>
    public static ProxyLogs Open(ProxyConfiguration configuration)
    {
        var logs = new ProxyLogs(configuration);
        try
        {
            logs._access.Apply(configuration.AccessLog);
            return logs;
        }
        catch (IOException e)
        {
            logs.Dispose();
            throw new StartupException($"Cannot begin the access log: {e.Message}. Choose another AccessLog:Path, or let this user write there.");
        }
    }

    /// <summary>Goes over to the levels and the access log of another configuration, as far as it can.</summary>
    public void Apply(ProxyConfiguration next)
    {
        _logging.Replace(next.Logging);
        try
        {
            _access.Apply(next.AccessLog);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotChanged(Loggers.CreateLogger<AccessLog>(), e.Message);
        }
    }

    /// <summary>Writes a line of text beside the log, for the person at the terminal.</summary>
    public void WriteLine(string text) => _output.TryWrite(Encoding.UTF8.GetBytes(text + Environment.NewLine));

    public void Dispose()
    {
        _telemetry?.Dispose();
        _access.Dispose();
        Loggers.Dispose();
        _output.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The access log stays as it was: {Error}. Choose another AccessLog:Path, or let this user write there")]
    private static partial void NotChanged(ILogger logger, string error);
}
