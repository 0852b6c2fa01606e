using System.Collections.Immutable;
using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Counters;

/// <summary>
/// The numbers by which the program counts rules. A rule keeps its number, and so what was counted, as long as it is published under
/// the same name; one that comes new gets a number that the rules before do not use, as they count until the link is switched.
/// </summary>
internal sealed class CountedRules
{
    private readonly Dictionary<Rule, int> _byRule = new(ReferenceEqualityComparer.Instance);

    private CountedRules(ImmutableDictionary<RuleName, int> numbers, IReadOnlyList<int> fresh) => (Numbers, Fresh) = (numbers, fresh);

    public ImmutableDictionary<RuleName, int> Numbers { get; }

    /// <summary>The numbers that were not in use before, whose counters may hold what was counted long ago.</summary>
    public IReadOnlyList<int> Fresh { get; }

    public int NumberOf(Rule rule) => _byRule.GetValueOrDefault(rule);

    /// <summary>Numbers for the next rules; null where they are too many. Those of guard rails, as many as others have listeners, only get one where all fit in.</summary>
    public static CountedRules? TryNumber(RulesInForce rules, ImmutableDictionary<RuleName, int>? before)
    {
        if (rules.OwnedCount > TableLayout.MaxCountedRules)
            return null;
        var owned = rules.WithOwners().ToArray();
        if (owned.Length > TableLayout.MaxCountedRules)
            owned = owned[..rules.OwnedCount];
        before ??= ImmutableDictionary<RuleName, int>.Empty;
        var taken = before.Values.ToHashSet();
        var free = Enumerable.Range(1, TableLayout.RuleNumbers - 1).Where(number => !taken.Contains(number)).GetEnumerator();
        var numbers = ImmutableDictionary.CreateBuilder<RuleName, int>();
        var fresh = new List<int>();
        foreach (var (_, name) in owned)
        {
            if (numbers.ContainsKey(name))
                continue;
            if (!before.TryGetValue(name, out var number))
            {
                _ = free.MoveNext();
                fresh.Add(number = free.Current);
            }
            numbers.Add(name, number);
        }
        var counted = new CountedRules(numbers.ToImmutable(), fresh);
        foreach (var (rule, name) in owned)
            counted._byRule[rule] = numbers[name];
        return counted;
    }

    /// <summary>Has those count from zero that nobody counts by yet.</summary>
    public unsafe void ClearFresh(SafeFileHandle map)
    {
        var zeros = new ulong[Libbpf.PossibleCpus()];
        fixed (ulong* buffer = zeros)
        {
            foreach (var number in Fresh)
            {
                var key = (uint)number;
                BpfFile.Check(Libbpf.MapUpdate(map, &key, buffer, Libbpf.Any), "clear the counters of a rule");
            }
        }
    }

    /// <summary>What was counted under each name; null where rules are not counted.</summary>
    public static ImmutableDictionary<RuleName, ulong>? ReadHits(ImmutableDictionary<RuleName, int>? numbers, SafeFileHandle? map)
    {
        if (numbers is null || map is null)
            return null;
        var hits = ImmutableDictionary.CreateBuilder<RuleName, ulong>();
        Span<ulong> sum = stackalloc ulong[1];
        foreach (var (name, number) in numbers)
        {
            PerCpu.Sum(map, number, sum);
            hits.Add(name, sum[0]);
        }
        return hits.ToImmutable();
    }
}
