namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>A server that is a program of its own, running in a namespace with a directory for its files.</summary>
internal sealed class ServerProgram : IDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory;
    private readonly BackgroundProcess _process;

    private ServerProgram(TemporaryDirectory directory, BackgroundProcess process) => (_directory, _process) = (directory, process);

    /// <summary>Starts it and waits until it listens on a port. The directory is deleted when it ends.</summary>
    public static ServerProgram Start(NetworkNamespace @namespace, TemporaryDirectory directory, int port, string program, params string[] arguments)
    {
        var server = new ServerProgram(directory, BackgroundProcess.Start(@namespace, program, arguments));
        try
        {
            Eventually.Holds(
                () => server._process.HasEnded || @namespace.Exec("ss", "-H", "-l", "-n", "-t", $"sport = :{port}").Length > 0,
                () => $"{program} does not listen on port {port}. It wrote: {server.Output}");
            Assert.False(server._process.HasEnded, $"{program} has ended. It wrote: {server.Output}");
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public string Output => _process.Output;

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Some, as PostgreSQL, have more to clean up than the kernel does for them; who takes too long is killed.</summary>
    public void Dispose()
    {
        if (!_process.HasEnded)
        {
            _process.Terminate();
            _ = _process.EndsWithin(EndTimeout);
        }
        _process.Dispose();
        _directory.Dispose();
    }
}
