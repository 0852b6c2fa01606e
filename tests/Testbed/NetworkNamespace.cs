using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Everyport.Testbed;

/// <summary>A network namespace of its own for a test, with its loopback interface up.</summary>
public sealed partial class NetworkNamespace : IDisposable
{
    private const int CloneNewNet = 0x40000000;
    private static int s_count;

    public NetworkNamespace()
    {
        Name = $"everyport-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        Command.Run("ip", "netns", "add", Name);
        Ip("link", "set", "lo", "up");
    }

    /// <summary>The name for <c>ip netns exec</c>.</summary>
    public string Name { get; }

    /// <summary>The file of the namespace.</summary>
    public string Path => $"/run/netns/{Name}";

    /// <summary>Runs <c>ip</c> in the namespace.</summary>
    public string Ip(params string[] arguments) => Command.Run("ip", ["-n", Name, .. arguments]);

    /// <summary>Runs a program in the namespace and returns its output; throws where it fails.</summary>
    public string Exec(string program, params string[] arguments) => Command.Run("ip", ["netns", "exec", Name, program, .. arguments]);

    /// <summary>Runs a program in the namespace that may fail.</summary>
    public Command.Result TryExec(string program, params string[] arguments) =>
        Command.Try("ip", ["netns", "exec", Name, program, .. arguments]);

    /// <summary>Runs code on a thread of its own in the namespace. Sockets that it opens stay in the namespace.</summary>
    public T Run<T>(Func<T> code)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = code();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>Runs code on a thread of its own in the namespace.</summary>
    public void Run(Action code) => Run(() =>
    {
        code();
        return true;
    });

    public void Dispose() => Command.Try("ip", "netns", "del", Name);

    private void Enter()
    {
        using var file = File.OpenHandle(Path);
        if (SetNamespace(file.DangerousGetHandle().ToInt32(), CloneNewNet) != 0)
            throw new InvalidOperationException($"setns {Path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int fd, int type);
}
