using Everyport.Steering;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Benchmarks;

/// <summary>
/// The cost of one lookup by BPF_PROG_TEST_RUN. All programs take turns, so that whatever else the machine does
/// meets all of them; a figure is the median of its rounds.
/// </summary>
internal static class LookupBench
{
    private const int Rounds = 15, Repeats = 200_000, Keys = 4096;
    private const ushort Port = 8080;

    /// <summary>Nanoseconds of one program for one ruleset: one key again and again, and a different key each time.</summary>
    public sealed record Result(string Family, int Prefixes, string Program, double WarmKey, double ManyKeys);

    public static IReadOnlyList<Result> Run() => [.. RunFamily(ipv6: false), .. RunFamily(ipv6: true)];

    private static IEnumerable<Result> RunFamily(bool ipv6)
    {
        foreach (var count in (int[])[1, 100, 10_000, 100_000, 1_000_000])
        {
            Console.WriteLine($"lookups: {(ipv6 ? "IPv6" : "IPv4")}, {count} prefixes");
            using var bed = new Bed();
            var workload = ipv6 ? Workload.IPv6(count) : Workload.IPv4(count);
            using var plain = bed.Load(workload, everythingOn: false);
            using var full = bed.Load(workload, everythingOn: true);
            using var counting = count <= SteeringOptions.MostCountedRules ? bed.LoadCounting(workload) : null;
            bed.Rivals.Fill(workload.Prefixes, Workload.Ports);

            var random = new Random(3);
            Address[] hits = [.. Enumerable.Range(0, Keys).Select(_ => workload.Prefixes[random.Next(count)].Address)];
            Address[] misses = [ipv6 ? new Address(true, new UInt128(0x5000_0000_0000_0001, 1)) : Address.FromIPv4(0x0B01_0203)];
            (string Name, int Program, Address[] Destinations)[] programs =
            [
                ("return SK_PASS", bed.Rivals.Pass, hits),
                ("miss", plain.ProgramFd, misses),
                ("assign unconditionally", bed.Rivals.Unconditional, hits),
                ("match", plain.ProgramFd, hits),
                ("match, port counts and DenySources on", full.ProgramFd, hits),
                ("match, LPM tries instead", bed.Rivals.Lpm, hits),
                .. counting is null ? [] : ((string, int, Address[])[])[("match, rule counts on", counting.ProgramFd, hits)],
            ];

            var warm = programs.Select(_ => new List<double>()).ToArray();
            var many = programs.Select(_ => new List<double>()).ToArray();
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (i, (_, program, destinations)) in programs.Index())
                {
                    warm[i].Add(Cost(program, destinations[0], Repeats));
                    many[i].Add(destinations.Average(destination => Cost(program, destination, 1)));
                }
            }
            foreach (var (i, (name, _, _)) in programs.Index())
                yield return new Result(ipv6 ? "IPv6" : "IPv4", count, name, Statistics.Median(warm[i]), Statistics.Median(many[i]));
        }
    }

    /// <summary>The client is another one than any that is denied.</summary>
    private static double Cost(int program, Address destination, int repeats)
    {
        var client = destination.IsIPv6 ? new Address(true, new UInt128(0x4000_0000_0000_0000, 1)) : Address.FromIPv4(0xC0000201);
        return ProgramRun.Run(program, udp: false, destination, Port, client, repeats).Nanoseconds;
    }
}
