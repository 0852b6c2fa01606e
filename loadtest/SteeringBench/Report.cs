using System.Globalization;
using System.Text;

namespace Everyport.Benchmarks;

/// <summary>The results for people.</summary>
internal static class Report
{
    public static string Markdown(
        string machine, IReadOnlyList<LookupBench.Result> lookups, IReadOnlyList<PublishBench.Result> publications, IReadOnlyList<MemoryBench.Result> memory)
    {
        var text = new StringBuilder(machine).AppendLine().AppendLine();
        text.AppendLine("## Steering").AppendLine();
        text.AppendLine("Nanoseconds of one lookup by BPF_PROG_TEST_RUN, medians; in brackets the ratio to the program above that does the");
        text.AppendLine("least: `return SK_PASS` for a miss, an unconditional assign for a match. One key again and again, then 4,096 keys");
        text.AppendLine("once each, which adds the clock to every program and finds caches cold.").AppendLine();
        foreach (var family in lookups.GroupBy(result => result.Family))
            Lookups(text, [.. family]);

        text.AppendLine("From JSON text to live, milliseconds, medians of 5; the first round with code that has not run before.").AppendLine();
        text.AppendLine("| rules | parse, validate | compile | load, fill | swap | total | first | LPM trie: fill alone |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var result in publications)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {result.Rules:N0} {result.Family} | {result.Parse:F0} | {result.Compile:F0} | {result.Load:F0} | {result.Swap:F2} | {result.Total:F0} | {result.First:F0} | {result.LpmFill:F0} |");

        text.AppendLine().AppendLine("Kernel memory of the table.").AppendLine();
        text.AppendLine("| ruleset | MiB | limit, MiB |").AppendLine("| --- | --- | --- |");
        foreach (var result in memory)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {result.Ruleset} | {result.Mebibytes:F2} | {result.LimitMebibytes:F0} |");
        return text.ToString();
    }

    private static void Lookups(StringBuilder text, IReadOnlyList<LookupBench.Result> results)
    {
        int[] sizes = [.. results.Select(result => result.Prefixes).Distinct()];
        text.Append(CultureInfo.InvariantCulture, $"| {results[0].Family}, prefixes |").AppendJoin(" |", sizes.Select(size => $" {size:N0}")).AppendLine(" |");
        text.Append("| --- |").Insert(text.Length, " --- |", sizes.Length).AppendLine();
        Rows("one key", result => result.WarmKey);
        Rows("many keys", result => result.ManyKeys);
        text.AppendLine();

        void Rows(string keys, Func<LookupBench.Result, double> value)
        {
            foreach (var program in results.Select(result => result.Program).Distinct())
            {
                text.Append(CultureInfo.InvariantCulture, $"| {program}, {keys} |");
                foreach (var size in sizes)
                {
                    double Of(string name) => value(results.Single(result => result.Prefixes == size && result.Program == name));
                    if (!results.Any(result => result.Prefixes == size && result.Program == program))
                    {
                        text.Append(" - |");
                        continue;
                    }
                    var least = program == "miss" ? "return SK_PASS" : program.StartsWith("match", StringComparison.Ordinal) ? "assign unconditionally" : null;
                    text.Append(CultureInfo.InvariantCulture, $" {Of(program):F0}");
                    if (least is not null)
                        text.Append(CultureInfo.InvariantCulture, $" ({Of(program) / Of(least):F2})");
                    text.Append(" |");
                }
                text.AppendLine();
            }
        }
    }
}
