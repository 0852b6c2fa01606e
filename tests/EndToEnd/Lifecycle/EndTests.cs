using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Lifecycle;

/// <summary>What is left when the proxy is gone: nothing.</summary>
public sealed class EndTests : IDisposable
{
    private const string Address = "127.100.1.2", Banner = "the other listener";
    private const int Port = 8080;

    private const string Configuration =
        """
        {
          "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16", "198.51.100.0/24", "2001:db8:7::/48"] } } },
          "ReverseProxy": {
            "Routes": { "web": { "ClusterId": "demo", "Match": { "Path": "{**rest}" } } },
            "Clusters": { "demo": { "Destinations": { "built-in": { "Address": "http://127.0.0.1:9465/" } } } }
          },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
        }
        """;

    private readonly NetworkNamespace _namespace = new();

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void A_process_that_is_killed_returns_the_namespace_to_the_normal_lookup()
    {
        using var everyport = RunningEveryport.Start(_namespace, Configuration);
        // Later than the proxy: a listener that was there before is left alone.
        using var other = TcpServer.WithBanner(_namespace, Address, Port, Banner);
        Assert.Single(EveryportProgram.AttachedTo(_namespace));
        _namespace.Run(() => Assert.Equal(200, HttpClient10.Get(Address, Port).Status));

        everyport.Kill();
        Eventually.Holds(() => EveryportProgram.AttachedTo(_namespace) is [], "the program is still attached");
        _namespace.Run(() =>
        {
            using var client = TcpClients.Connect(Address, Port);
            Assert.Equal(Banner, Encoding.ASCII.GetString(TcpClients.Receive(client, Banner.Length)));
        });
    }

    [KernelFact]
    public void Routes_that_a_killed_process_leaves_behind_are_removed_by_the_next()
    {
        using (var first = RunningEveryport.Start(_namespace, Configuration))
            first.Kill();
        Assert.Contains("198.51.100.0/24", EveryportProgram.RoutesIn(_namespace), StringComparison.Ordinal);

        using var second = RunningEveryport.Start(_namespace, """{ "Steering": { "Rules": { "edge": { "Prefixes": ["203.0.113.0/24"] } } } }""");
        Assert.Contains("203.0.113.0/24", EveryportProgram.RoutesIn(_namespace), StringComparison.Ordinal);
        Assert.DoesNotContain("198.51.100.0/24", EveryportProgram.RoutesIn(_namespace), StringComparison.Ordinal);
        Assert.DoesNotContain("2001:db8:7::/48", EveryportProgram.RoutesIn(_namespace), StringComparison.Ordinal);
    }

    [KernelFact]
    public void Nothing_is_written_to_the_home_directory()
    {
        using var home = new TemporaryDirectory();
        using var everyport = RunningEveryport.Start(_namespace, Configuration, "env", $"HOME={home.Path}");
        _namespace.Run(() => Assert.Equal(200, HttpClient10.Get(Address, Port).Status));
        everyport.Stop();
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Path));
    }

    [KernelFact]
    public void SIGTERM_leaves_nothing_behind()
    {
        using var everyport = RunningEveryport.Start(_namespace, Configuration);
        _namespace.Run(() => Assert.Equal(200, HttpClient10.Get("2001:db8:7::1", Port).Status));
        Assert.Contains("2001:db8:7::/48", EveryportProgram.RoutesIn(_namespace), StringComparison.Ordinal);

        Assert.Equal(0, everyport.Stop());
        Assert.Empty(EveryportProgram.AttachedTo(_namespace));
        Assert.Equal("", EveryportProgram.RoutesIn(_namespace));
        Assert.Equal("", _namespace.Exec("ss", "-H", "-l", "-n", "-t", "-u"));
        Assert.DoesNotContain("\"LogLevel\":\"Error\"", everyport.Output, StringComparison.Ordinal);
    }

    [KernelFact]
    public void SIGTERM_does_not_wait_for_long_for_connections_that_do_not_end()
    {
        using var everyport = RunningEveryport.Start(_namespace, Configuration, "env", "Lifetime__DrainTimeout=00:00:01");
        _namespace.Run(() =>
        {
            using var halfRequest = TcpClients.Connect(Address, Port);
            halfRequest.Send("GET / HTTP/1.1\r\nHost: a\r\n"u8);
            using var silent = TcpClients.Connect(Address, Port);
            Assert.Equal(0, everyport.Stop());
        });
        Assert.Empty(EveryportProgram.AttachedTo(_namespace));
    }

    [KernelFact]
    public void The_namespace_of_others_is_never_touched()
    {
        using var neighbour = new NetworkNamespace();
        using var everyport = RunningEveryport.Start(_namespace, Configuration);
        Assert.Empty(EveryportProgram.AttachedTo(neighbour));
        Assert.Equal("", EveryportProgram.RoutesIn(neighbour));
    }
}
