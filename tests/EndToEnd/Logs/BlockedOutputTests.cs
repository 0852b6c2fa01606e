using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Logs;

/// <summary>Nobody reads the standard output: traffic goes on.</summary>
public sealed class BlockedOutputTests
{
    /// <summary>Together more than a pipe and the proxy hold.</summary>
    private const int Requests = 1000, Letters = 6000;

    private const string Configuration =
        """
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
          "ReverseProxy": {
            "Routes": { "web": { "ClusterId": "demo", "Match": { "Path": "{**rest}", "Ports": "80" } } },
            "Clusters": { "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } }, "echo": { "Destinations": { "built-in": { "Address": "tcp://127.0.0.1:9466" } } } }
          },
          "Streams": { "echo": { "ClusterId": "echo", "Match": { "Ports": "7" } } },
          "Logging": { "LogLevel": { "Everyport": "Debug" } },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;

    [KernelFact]
    public async Task Requests_and_streams_are_served_while_nobody_reads_the_log_and_what_was_lost_is_told_afterwards()
    {
        using var @namespace = new NetworkNamespace();
        using var directory = new TemporaryDirectory();
        var pipe = Path.Combine(directory.Path, "output");
        Command.Run("mkfifo", pipe);
        // To open it waits for the other side.
        var opened = Task.Run(() => File.OpenRead(pipe));
        using var everyport = RunningEveryport.Start(@namespace, Configuration, "sh", "-c", "exec \"$@\" >\"$0\"", pipe);
        await using var output = await opened;

        var statuses = @namespace.Exec(
            "curl", "-sS", "--max-time", "120", "-o", "/dev/null", "-w", "%{http_code}\n", "-A", new string('a', Letters), $"http://198.51.100.7/[1-{Requests}]");
        Assert.Equal(Requests, statuses.Split('\n').Count(status => status == "200"));
        @namespace.Run(() =>
        {
            using var stream = TcpClients.Connect("198.51.100.7", 7);
            stream.Send("echo"u8);
            Assert.Equal("echo"u8.ToArray(), TcpClients.Receive(stream, 4));
        });

        using var reader = new StreamReader(output, Encoding.UTF8);
        var (told, lines) = ("", 0);
        while (!told.Contains("lines come", StringComparison.Ordinal))
        {
            told = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new EndOfStreamException("The log has ended without a word about what was lost.");
            lines++;
            Assert.True(told.Length == 0 || told is ['{', .., '}'], $"This is no whole line: {told}");
        }
        Assert.InRange(lines, 10, Requests);
        Assert.Equal(0, await StopAsync());

        // Somebody has to read what is written last.
        async Task<int> StopAsync()
        {
            var rest = reader.ReadToEndAsync();
            var exit = everyport.Stop();
            await rest.WaitAsync(TimeSpan.FromSeconds(60));
            return exit;
        }
    }
}
