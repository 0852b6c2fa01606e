using System.Globalization;

namespace Everyport.EndToEnd.Tests.Streams;

/// <summary>
/// Servers that speak first, by real parties. Where the port decides, they are dialled at once; where HTTP or TLS may come as well,
/// as soon as the client says nothing: nothing here can work because the time to sniff is over.
/// </summary>
public sealed class ServerFirstTests(ServerFirstScene scene) : IClassFixture<ServerFirstScene>
{
    private const string V4 = ServerFirstScene.Address, V6 = ServerFirstScene.AddressV6;

    [KernelTheory]
    [InlineData(V4, 22)]
    [InlineData(V6, 2222)]
    [InlineData(V4, 443)]
    [InlineData(V6, 443)]
    [InlineData(V4, 31337)]
    public void OpenSSH_logs_in_over_any_port(string address, int port) =>
        Assert.Equal("from the other side\n", scene.Ssh.Run(address, port, "echo from the other side"));

    [KernelFact]
    public void OpenSSH_moves_much_data_both_ways()
    {
        var input = string.Create(CultureInfo.InvariantCulture, $"{new string('x', 5_000_000)}\n");
        Assert.Equal(input, scene.Ssh.Run(V4, 443, "cat", input));
    }

    [KernelFact]
    public void HTTP_is_served_on_the_port_where_OpenSSH_is() =>
        Assert.Contains("GET /a", Curl("http://127.100.1.2:443/a"), StringComparison.Ordinal);

    [KernelTheory]
    [InlineData(V4, 5432, "disable")]
    [InlineData(V4, 5432, "prefer")]
    [InlineData(V6, 5432, "prefer")]
    [InlineData(V4, 5433, "disable")]
    [InlineData(V4, 5433, "prefer")]
    public void Psql_runs_queries(string address, int port, string tls)
    {
        var connection = $"host={address} port={port} user=postgres dbname=postgres sslmode={tls} connect_timeout=60";
        Assert.Equal("5000050000\n", scene.Namespace.Exec("psql", "-X", "-A", "-t", "-c", "select sum(n) from generate_series(1, 100000) n", connection));
    }

    [KernelFact]
    public void Psql_that_insists_on_TLS_hears_from_the_server_that_there_is_none()
    {
        var result = scene.Namespace.TryExec("psql", "-X", "-c", "select 1", $"host={V4} port=5432 user=postgres dbname=postgres sslmode=require");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("server does not support SSL", result.Error, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData(V4, 25)]
    [InlineData($"[{V6}]", 587)]
    [InlineData(V4, 2525)]
    public void Mail_is_delivered(string address, int port)
    {
        var subject = $"Subject: {address} {port}";
        var result = Command.Try("ip",
            ["netns", "exec", scene.Namespace.Name, "curl", "-sS", "--max-time", "60", "--mail-from", "a@example.com", "--mail-rcpt", "b@example.com", "-T", "-", $"smtp://{address}:{port}"],
            $"{subject}\r\n\r\nIt is here.\r\n");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.True(scene.Messages.TryTake(out var message, TimeSpan.FromSeconds(60)));
        Assert.Contains(subject, message, StringComparison.Ordinal);
    }

    private string Curl(string url) => scene.Namespace.Exec("curl", "-sS", "--max-time", "60", url);
}
