using System.Diagnostics;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>A TCP server in another process: netcat, which greets each client and hangs up.</summary>
internal sealed class ForeignProcess : IDisposable
{
    public const string Greeting = "hello from another program";

    private readonly Process _process;

    private ForeignProcess(Process process) => _process = process;

    public static ForeignProcess Listen(NetworkNamespace space, string address, int port)
    {
        var loop = $"while printf '%s' '{Greeting}' | nc -N -l {address} {port}; do :; done";
        var process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", space.Name, "bash", "-c", loop]))!;
        var deadline = Stopwatch.StartNew();
        while (!space.Exec("ss", "-Hltn", $"sport = :{port}").Contains($":{port}", StringComparison.Ordinal))
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(60), "netcat does not listen");
            Thread.Sleep(10);
        }
        return new ForeignProcess(process);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
