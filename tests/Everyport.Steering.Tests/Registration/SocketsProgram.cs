using System.Diagnostics;
using System.Globalization;

namespace Everyport.Steering.Tests.Registration;

/// <summary>A server that knows nothing of steering; <c>sockets.py</c> says what sockets it can have.</summary>
internal sealed class SocketsProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BackgroundProcess _process;

    public SocketsProgram(NetworkNamespace space, string name, params string[] sockets) : this(space, [], name, sockets) { }

    /// <summary>Started by another program, such as <c>setpriv</c>, that becomes it.</summary>
    public SocketsProgram(NetworkNamespace space, string[] by, string name, params string[] sockets)
    {
        string[] command = [.. by, "python3", Repository.PathOf("tests", "Everyport.Steering.Tests", "Registration", "sockets.py"), name, .. sockets];
        _process = BackgroundProcess.Start(space, command[0], command[1..]);
        for (var waited = Stopwatch.StartNew(); !_process.Output.Contains("ready", StringComparison.Ordinal); Thread.Sleep(10))
        {
            if (waited.Elapsed > Patience || _process.HasEnded)
            {
                var output = _process.Output;
                Dispose();
                throw new InvalidOperationException($"The program does not start. It wrote: {output}");
            }
        }
    }

    public int Id => _process.Id;

    /// <summary>Its number, as a command line has it.</summary>
    public static implicit operator string(SocketsProgram program) => program.Id.ToString(CultureInfo.InvariantCulture);

    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();
}
