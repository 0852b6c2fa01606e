using Everyport.Steering.Rules;

namespace Everyport.Steering.Tables;

/// <summary>Lays prefixes that nest out flat, along the line of all addresses of a family.</summary>
internal static class AddressLine
{
    /// <summary>
    /// The steps along the line. <paramref name="prefixes"/> come in order, each before those inside it;
    /// <paramref name="over"/> lays the value of one over what is in force around it.
    /// </summary>
    public static Steps Flatten(IEnumerable<(Prefix Prefix, int Value)> prefixes, int none, Func<int, int, int> over)
    {
        var steps = new Steps();
        steps.Add(UInt128.Zero, (uint)none);
        var open = new Stack<(UInt128? End, int Value)>();
        foreach (var (prefix, value) in prefixes)
        {
            var start = prefix.Address.Bits;
            while (open.TryPeek(out var before) && before.End <= start)
                Close();
            var inForce = over(value, open.TryPeek(out var around) ? around.Value : none);
            open.Push((End(prefix), inForce));
            steps.Add(start, (uint)inForce);
        }
        while (open.Count > 0)
            Close();
        return steps;

        void Close()
        {
            if (open.Pop().End is { } end)
                steps.Add(end, (uint)(open.TryPeek(out var around) ? around.Value : none));
        }
    }

    /// <summary>The address behind the last one; null where the prefix reaches to the end of the line.</summary>
    private static UInt128? End(Prefix prefix)
    {
        var end = prefix.Length == 0 ? 0 : prefix.Address.Bits + (UInt128.One << (128 - prefix.Length));
        return end == 0 ? null : end;
    }
}
