using System.Diagnostics;
using System.Globalization;

namespace Everyport.EndToEnd.Tests.Program;

/// <summary>What the kernel tells about a running process.</summary>
internal static class ProcessFacts
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(1), MostWork = TimeSpan.FromSeconds(0.3);

    public static int Descriptors(int process) => Directory.EnumerateFiles($"/proc/{process}/fd").Count();

    /// <summary>The bytes of memory in use now.</summary>
    public static long Resident(int process) => Status(process, "VmRSS:");

    /// <summary>The most bytes of memory that were ever in use.</summary>
    public static long MostResident(int process) => Status(process, "VmHWM:");

    /// <summary>Has <see cref="MostResident"/> begin anew (proc(5), clear_refs).</summary>
    public static void ForgetMostResident(int process) => File.WriteAllText($"/proc/{process}/clear_refs", "5");

    /// <summary>Who spins never lets the processor go; what else there is to do, by the JIT say, ends.</summary>
    public static void AssertBecomesIdle(int id) => Eventually.Holds(() =>
    {
        using var process = Process.GetProcessById(id);
        var before = process.TotalProcessorTime;
        Thread.Sleep(Watched);
        process.Refresh();
        return process.TotalProcessorTime - before < MostWork;
    }, "the process is still busy");

    private static long Status(int process, string key)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
