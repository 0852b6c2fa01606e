namespace Everyport.Benchmarks;

/// <summary>The kernel memory of forwarding tables, as the kernel accounts it to the map.</summary>
internal static class MemoryBench
{
    public sealed record Result(string Ruleset, double Mebibytes, double LimitMebibytes);

    public static IReadOnlyList<Result> Run()
    {
        Console.WriteLine("memory");
        return
        [
            Measure("0.0.0.0/0, all ports", Workload.Everything, 1),
            Measure("100,000 random IPv4 /32s", Workload.AnyIPv4(100_000), 64),
            Measure("100,000 random IPv6 /64s", Workload.IPv6(100_000), 64),
            Measure("1,000,000 IPv4 prefixes shaped like a full routing table", Workload.RoutingTable(1_000_000), 256),
        ];
    }

    private static Result Measure(string name, Workload workload, double limit)
    {
        using var bed = new Bed();
        using var generation = bed.Load(workload, everythingOn: false);
        return new Result(name, generation.TableMemory / 1048576.0, limit);
    }
}
