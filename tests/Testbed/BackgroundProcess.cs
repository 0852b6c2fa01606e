using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Everyport.Testbed;

/// <summary>A program that runs beside the test; it is killed, by its id, when the test is done with it.</summary>
public sealed partial class BackgroundProcess : IDisposable
{
    private const int SigHup = 1, SigTerm = 15;
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private BackgroundProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts a program in a namespace. <c>ip netns exec</c> becomes that program, and keeps its id.</summary>
    public static BackgroundProcess Start(NetworkNamespace @namespace, string program, params string[] arguments) =>
        new(Process.Start(new ProcessStartInfo("ip", ["netns", "exec", @namespace.Name, program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>What it has written so far, to standard output and error.</summary>
    public string Output
    {
        get
        {
            // What has ended has been read to the end only after this.
            if (_process.HasExited)
                _process.WaitForExit();
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Asks it to end.</summary>
    public void Terminate() => _ = Signal(Id, SigTerm);

    /// <summary>Tells it that its terminal has gone, which for most means to read their configuration again.</summary>
    public void HangUp() => _ = Signal(Id, SigHup);

    /// <summary>Ends it at once, as the kernel does to a process that takes too much memory.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>The exit code; throws where it does not end in time.</summary>
    public int WaitForExit(TimeSpan timeout) =>
        _process.WaitForExit(timeout) ? _process.ExitCode : throw new TimeoutException($"Process {Id} did not end within {timeout}. It wrote: {Output}");

    /// <summary>Waits for its end; false where it does not come in time.</summary>
    public bool EndsWithin(TimeSpan timeout) => _process.WaitForExit(timeout);

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
