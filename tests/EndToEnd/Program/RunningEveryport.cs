using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Program;

/// <summary>The published program, running in a namespace with a configuration, ready.</summary>
internal sealed class RunningEveryport : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60), StopTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory;
    private readonly BackgroundProcess _process;

    private RunningEveryport(TemporaryDirectory directory, BackgroundProcess process) => (_directory, _process) = (directory, process);

    /// <summary>Starts it and waits until <c>/readyz</c> says so. <paramref name="before"/> is a program that runs it, such as setpriv.</summary>
    public static RunningEveryport Start(NetworkNamespace @namespace, string configuration, params string[] before)
    {
        var directory = new TemporaryDirectory();
        BackgroundProcess? process = null;
        try
        {
            string[] command = [.. before, EveryportProgram.Path, "run", "--config", directory.Write("appsettings.json", configuration)];
            process = BackgroundProcess.Start(@namespace, command[0], command[1..]);
            var everyport = new RunningEveryport(directory, process);
            @namespace.Run(everyport.WaitUntilReady);
            return everyport;
        }
        catch
        {
            process?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    public int Id => _process.Id;

    /// <summary>The file that it was started with.</summary>
    public string ConfigurationPath => Path.Combine(_directory.Path, "appsettings.json");

    public string Output => _process.Output;

    /// <summary>The messages of the log so far.</summary>
    public IEnumerable<string> Messages => Lines.Where(line => !line.TryGetProperty("Kind", out _)).Select(line => line.GetProperty("Message").GetString()!);

    /// <summary>The access log so far: objects with a <c>Kind</c>.</summary>
    public IEnumerable<JsonElement> Records => Lines.Where(line => line.TryGetProperty("Kind", out _));

    /// <summary>Waits until one message of the log has all these parts: it is written behind the back of who logs.</summary>
    public void AssertTells(params string[] parts) => Eventually.Holds(
        () => Messages.Any(message => parts.All(part => message.Contains(part, StringComparison.Ordinal))),
        () => $"The log does not tell '{string.Join("' and '", parts)}'. It tells: {Output}");

    /// <summary>SIGTERM; returns the exit code.</summary>
    public int Stop()
    {
        Terminate();
        return WaitForExit();
    }

    /// <summary>SIGHUP.</summary>
    public void HangUp() => _process.HangUp();

    /// <summary>SIGTERM.</summary>
    public void Terminate() => _process.Terminate();

    /// <summary>The exit code, when it has ended by itself.</summary>
    public int WaitForExit() => _process.WaitForExit(StopTimeout);

    public bool HasEnded => _process.HasEnded;

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        _process.Dispose();
        _directory.Dispose();
    }

    private IEnumerable<JsonElement> Lines => Output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonElement.Parse(line));

    /// <summary>Whether it is this process that answers, and not a predecessor on the same port. Where a token is asked for there is none.</summary>
    private bool Answers()
    {
        var status = HttpClient10.Get("127.0.0.1", 9464, "/api/status");
        return status.Status == 401 || status.Status == 200 && JsonElement.Parse(status.Body).GetProperty("process").GetProperty("id").GetInt32() == Id;
    }

    private void WaitUntilReady()
    {
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(20))
        {
            try
            {
                if (HttpClient10.Get("127.0.0.1", 9464, "/readyz").Status == 200 && Answers())
                    return;
            }
            catch (Exception e) when (e is SocketException or ProtocolViolationException)
            {
                // Not listening yet, or a predecessor not any more.
            }
            if (_process.HasEnded || waited.Elapsed > StartTimeout)
                throw new InvalidOperationException($"everyport did not become ready. It wrote: {Output}");
        }
    }
}
