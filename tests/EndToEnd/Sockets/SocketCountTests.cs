using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Sockets;

/// <summary>How many sockets it takes to listen on every port.</summary>
public sealed class SocketCountTests : IDisposable
{
    private readonly NetworkNamespace _namespace = new();

    public void Dispose() => _namespace.Dispose();

    [KernelTheory]
    [InlineData("one port of one address", """ "a": { "Prefixes": ["127.100.0.1/32"], "Ports": "80" } """)]
    [InlineData("every port of two ranges", """ "a": { "Prefixes": ["127.100.0.0/16", "2001:db8:7::/48"] } """)]
    [InlineData("many rules", """ "a": { "Prefixes": ["127.100.0.0/16"] }, "b": { "Prefixes": ["127.100.1.0/24"], "Ports": "1-1000" }, "c": { "Prefixes": ["127.101.0.0/16"], "Protocols": ["udp"] } """)]
    public void One_TCP_socket_and_one_UDP_socket_are_enough_for(string what, string rules)
    {
        using var everyport = RunningEveryport.Start(_namespace, $$"""{ "Steering": { "Rules": { {{rules}} } } }""");
        Assert.True(
            Listening() is ["tcp 127.0.0.1:9464", "tcp [::ffff:192.0.0.8]:*", "udp [::ffff:192.0.0.8]:*"],
            $"{what}: {string.Join(", ", Listening())}");
    }

    /// <summary>What <c>ss</c> tells of listening TCP and unconnected UDP sockets; where steering only gives traffic to, any port will do.</summary>
    private string[] Listening() =>
    [
        .. _namespace.Exec("ss", "-H", "-l", "-n", "-t", "-u").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(columns => $"{columns[0]} {(columns[4].StartsWith("[::ffff:192.0.0.8]:", StringComparison.Ordinal) ? "[::ffff:192.0.0.8]:*" : columns[4])}")
            .Order(StringComparer.Ordinal),
    ];
}
