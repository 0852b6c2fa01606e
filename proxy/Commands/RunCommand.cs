using Everyport.Proxy.Configuration;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Lifetime;
using Everyport.Proxy.Reload;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Everyport.Proxy.Commands;

/// <summary><c>everyport run</c>.</summary>
internal static partial class RunCommand
{
    public static async Task<int> RunAsync(Func<string?, ProxyConfiguration?> load, string? path, CancellationToken cancelled)
    {
        var configuration = load(null)!;
        // Taken before anything is attached: from here on a signal means an orderly end.
        using var lifetime = new ProcessLifetime(cancelled);

        var logging = new LoggingInForce(configuration.Logging);
        using var loggers = CreateLoggers(logging.Section);
        var logger = loggers.CreateLogger<ProxyConfiguration>();
        foreach (var warning in configuration.Warnings)
            ConfigurationWarning(logger, warning);
        await using var server = await ProxyServer.StartAsync(configuration, load, lifetime, loggers);
        server.Reloader.Applied += next => logging.Replace(next.Logging);
        await using var triggers = new ReloadTriggers(server.Reloader, path, TimeProvider.System);
        ServiceManager.Current.Ready();
        if (configuration.Source == ConfigurationLoader.EmbeddedSource)
            Console.WriteLine(Invitation(configuration));

        var reason = await lifetime.Ending;
        ServiceManager.Current.Stopping();
        await server.DrainAsync(reason, lifetime.Now);
        return 0;
    }

    /// <summary>Sentences on a terminal, JSON everywhere else.</summary>
    private static ILoggerFactory CreateLoggers(IConfiguration section) => LoggerFactory.Create(logging =>
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
        logging.AddConfiguration(section);
        if (Console.IsOutputRedirected)
            logging.AddJsonConsole(options => options.UseUtcTimestamp = true);
        else
            logging.AddSimpleConsole(options => (options.SingleLine, options.TimestampFormat, options.ColorBehavior) = (true, "HH:mm:ss ", LoggerColorBehavior.Default));
    });

    private static string Invitation(ProxyConfiguration configuration) =>
        $"""

        Every TCP and UDP port of 127.100.0.0/16 now reaches this proxy. Try:

          curl http://127.100.1.2:31337/
          printf 'hi\n' | nc -N 127.100.7.7 2525
          printf hi | nc -u -w1 127.100.9.9 53

        Health: http://{configuration.Admin.Listen}/readyz. Ctrl-C stops it and leaves nothing behind.

        """;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void ConfigurationWarning(ILogger logger, string warning);
}
