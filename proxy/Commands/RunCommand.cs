using Everyport.Proxy.Configuration;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Lifetime;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Reload;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Commands;

/// <summary><c>everyport run</c>.</summary>
internal static partial class RunCommand
{
    public static async Task<int> RunAsync(Func<string?, ProxyConfiguration?> load, string? path, CancellationToken cancelled)
    {
        var configuration = load(null)!;
        // Taken before anything is attached: from here on a signal means an orderly end.
        using var lifetime = new ProcessLifetime(cancelled);

        using var logs = ProxyLogs.Open(configuration);
        var logger = logs.Loggers.CreateLogger<ProxyConfiguration>();
        foreach (var warning in configuration.Warnings)
            ConfigurationWarning(logger, warning);
        await using var server = await ProxyServer.StartAsync(configuration, load, lifetime, logs);
        server.Reloader.Applied += logs.Apply;
        string reason;
        await using (new ReloadTriggers(server.Reloader, path, TimeProvider.System))
        {
            ServiceManager.Current.Ready();
            if (configuration.Source == ConfigurationLoader.EmbeddedSource)
                logs.WriteLine(Invitation(configuration));
            reason = await lifetime.Ending;
        }
        ServiceManager.Current.Stopping();
        await server.DrainAsync(reason, lifetime.Now);
        return 0;
    }

    private static string Invitation(ProxyConfiguration configuration) =>
        $"""

        Every TCP and UDP port of 127.100.0.0/16 now reaches this proxy. Try:

          curl http://127.100.1.2:31337/
          printf 'hi\n' | nc -N 127.100.7.7 2525
          printf hi | nc -u -w1 127.100.9.9 53

        What is going on, on every port: http://{configuration.Admin.Listen}/. Ctrl-C stops it and leaves nothing behind.

        """;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void ConfigurationWarning(ILogger logger, string warning);
}
