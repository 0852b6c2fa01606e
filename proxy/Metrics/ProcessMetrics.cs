using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Everyport.Proxy.Kernel;

namespace Everyport.Proxy.Metrics;

/// <summary>
/// What every program tells Prometheus of itself, by the names that its own libraries use
/// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).
/// </summary>
internal static class ProcessMetrics
{
    private const string Descriptors = "/proc/self/fd", Limits = "/proc/self/limits", DescriptorLimit = "Max open files";

    private static readonly double Started = new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000.0;

    public static void Add(Meter meter)
    {
        meter.CreateObservableCounter("process_cpu_seconds", static () => Environment.CpuUsage.TotalTime.TotalSeconds, unit: null, "Processor time of the process, in seconds.");
        meter.CreateObservableGauge("process_resident_memory_bytes", static () => Environment.WorkingSet, unit: null, "Memory of the process that is resident, in bytes.");
        meter.CreateObservableGauge("process_open_fds", OpenDescriptors, unit: null, "File descriptors that are open.");
        // Read once: it does not change, and when descriptors have run out nobody can read it.
        Measurement<long>[] most = [.. MostDescriptors()];
        meter.CreateObservableGauge("process_max_fds", () => most, unit: null, "File descriptors that may be open.");
        meter.CreateObservableGauge("process_start_time_seconds", static () => Started, unit: null, "When the process began, in seconds since 1970.");
    }

    /// <summary>Since Linux 6.2 the size of the directory is their number; to count a hundred thousand takes its time.</summary>
    private static unsafe long OpenDescriptors()
    {
        FileStatus.Status status;
        return FileStatus.Read(FileStatus.AtWorkingDirectory, Descriptors, 0, FileStatus.Size, &status) == 0 && status.Size > 0
            ? (long)status.Size
            : Directory.EnumerateFileSystemEntries(Descriptors).LongCount();
    }

    private static IEnumerable<Measurement<long>> MostDescriptors()
    {
        var line = Array.Find(File.ReadAllLines(Limits), line => line.StartsWith(DescriptorLimit, StringComparison.Ordinal));
        if (line is not null && long.TryParse(line[DescriptorLimit.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var most))
            yield return new Measurement<long>(most);
    }
}
