using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Program;
using Microsoft.Win32.SafeHandles;

namespace Everyport.EndToEnd.Tests.Sockets;

/// <summary>Steering costs a connection its beginning, and nothing afterwards. The kernel's own statistics of the program tell.</summary>
public sealed partial class EstablishedConnectionTests : IDisposable
{
    private const int RunTime = 0;

    private readonly NetworkNamespace _namespace = new();

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void The_program_runs_for_a_new_connection_and_never_again_for_its_traffic()
    {
        using var statistics = EnableStatistics(RunTime);
        Assert.False(statistics.IsInvalid, "The kernel does not count the runs of programs.");
        using var everyport = RunningEveryport.Start(_namespace,
            """
            {
              "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
              "ReverseProxy": { "Clusters": { "echo": { "Destinations": { "built-in": { "Address": "tcp://127.0.0.1:9466" } } } } },
              "Streams": { "rest": { "ClusterId": "echo" } },
              "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
            }
            """);
        var program = Assert.Single(EveryportProgram.AttachedTo(_namespace));
        _namespace.Run(() =>
        {
            var before = Runs(program);
            using var client = TcpClients.Connect("127.100.1.2", 4711);
            // One echo: now the connection to the destination is there as well.
            client.Send([1]);
            Assert.Equal([1], TcpClients.Receive(client, 1));
            var established = Runs(program);
            Assert.True(established > before, $"{before} runs before the connection, {established} after it");

            for (var i = 0; i < 2_000; i++)
            {
                client.Send([(byte)i]);
                Assert.Equal([(byte)i], TcpClients.Receive(client, 1));
            }
            Assert.Equal(established, Runs(program));
        });
    }

    private static long Runs(int program)
    {
        using var json = JsonDocument.Parse(Command.Run("bpftool", "-j", "prog", "show", "id", program.ToString(CultureInfo.InvariantCulture)));
        return json.RootElement.TryGetProperty("run_cnt", out var runs) ? runs.GetInt64() : 0;
    }

    /// <summary>Makes the kernel count for as long as the descriptor is open.</summary>
    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_enable_stats", SetLastError = true)]
    private static partial SafeFileHandle EnableStatistics(int type);
}
