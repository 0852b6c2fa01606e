using Everyport.Proxy.Logs.Sinks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Everyport.Proxy.Logs.Messages;

/// <summary>Sets up the log of what the proxy has to tell: sentences on a terminal, JSON everywhere else.</summary>
internal static class Loggers
{
    public static ILoggerFactory Create(IConfiguration levels, LineSink output, bool isTerminal) => LoggerFactory.Create(logging =>
    {
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning);
        // HttpErrorCount tells of failed requests in one sentence, and not as often as they come.
        foreach (var noisy in (ReadOnlySpan<string>)["Yarp.ReverseProxy.Forwarder", "Yarp.ReverseProxy.LoadBalancing", "Yarp.ReverseProxy.SessionAffinity", "Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", "Microsoft.AspNetCore.Http.Timeouts"])
            logging.AddFilter(noisy, LogLevel.None);
        // It warns, with a stack trace, of what clients send; HttpLimitHits counts it.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        // It warns that keys which never leave the memory are not encrypted.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // As long as it may log anything, ASP.NET Core makes an activity and a scope for each request.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // What it says, with a stack trace, is what the exception says that stops us.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddConfiguration(levels);
        if (isTerminal)
            logging.AddSimpleConsole(options => (options.SingleLine, options.TimestampFormat, options.ColorBehavior) = (true, "HH:mm:ss ", LoggerColorBehavior.Default));
        else
            logging.AddJsonConsole(options => (options.UseUtcTimestamp, options.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'"));
        // The console's own provider has whoever logs wait while nobody reads; its formatters stay.
        logging.Services.RemoveAll<ILoggerProvider>();
        logging.Services.AddSingleton(output);
        logging.Services.AddSingleton<ILoggerProvider, SinkLoggerProvider>();
    });
}
