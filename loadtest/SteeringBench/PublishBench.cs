using System.Diagnostics;
using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Benchmarks;

/// <summary>From JSON text to live: parse and validate, compile, load and fill, and the swap.</summary>
internal static class PublishBench
{
    private const int Rounds = 5;

    /// <summary>Milliseconds, medians; <c>First</c> is the whole of the first round, with code that has not run before.</summary>
    public sealed record Result(string Family, int Rules, double Parse, double Compile, double Load, double Swap, double Total, double First, double LpmFill);

    public static IReadOnlyList<Result> Run() =>
        [.. from count in (int[])[100_000, 1_000_000]
            from ipv6 in (bool[])[false, true]
            select Measure(ipv6, count)];

    private static Result Measure(bool ipv6, int count)
    {
        Console.WriteLine($"publishing: {(ipv6 ? "IPv6" : "IPv4")}, {count} rules");
        var workload = ipv6 ? Workload.IPv6(count) : Workload.IPv4(count);
        var json = workload.ToJson();
        using var bed = new Bed();
        using var space = File.OpenHandle("/proc/self/ns/net");
        using var empty = Generation.Load(TableCompiler.Compile(Ruleset.Empty, _ => 0), bed.Maps, countPorts: true);
        using var link = Libbpf.LinkCreate(empty.ProgramFd, space, Libbpf.AttachTypeSkLookup, 0);
        if (link.IsInvalid)
            throw KernelError.Last("attach");

        var rounds = new List<double[]>();
        for (var round = 0; round < Rounds; round++)
        {
            GC.Collect();
            var watch = Stopwatch.StartNew();
            if (!RulesFile.TryParse(json, out var ruleset, out var errors))
                throw new InvalidOperationException(errors[0]);
            var parsed = watch.Elapsed;
            var table = TableCompiler.Compile(ruleset, _ => 0);
            var compiled = watch.Elapsed;
            using var generation = Generation.Load(table, bed.Maps, countPorts: true);
            var loaded = watch.Elapsed;
            if (Libbpf.LinkUpdate(link, generation.ProgramFd, 0) < 0)
                throw KernelError.Last("swap");
            var live = watch.Elapsed;
            rounds.Add([parsed.TotalMilliseconds, (compiled - parsed).TotalMilliseconds, (loaded - compiled).TotalMilliseconds, (live - loaded).TotalMilliseconds, live.TotalMilliseconds]);
            // The link holds the last program; the table goes with it when the next one takes its place.
        }

        var lpm = bed.Rivals.Fill(workload.Prefixes, Workload.Ports).TotalMilliseconds;
        double Median(int step) => Statistics.Median([.. rounds.Select(round => round[step])]);
        return new Result(ipv6 ? "IPv6" : "IPv4", count, Median(0), Median(1), Median(2), Median(3), Median(4), rounds[0][4], lpm);
    }
}
