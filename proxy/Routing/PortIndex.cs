using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>What holds at each port of one prefix: the ports are cut where a range begins or ends.</summary>
internal sealed class PortIndex<T>
{
    private readonly int[] _starts;
    private readonly T[] _values;

    private PortIndex(int[] starts, T[] values) => (_starts, _values) = (starts, values);

    /// <param name="ranges">Each range of ports, once, with what belongs to it.</param>
    /// <param name="combine">Makes one value of all ranges that hold a port.</param>
    public static PortIndex<T> Create<TRange>(IEnumerable<(PortRange Ports, TRange Value)> ranges, Func<IReadOnlyList<TRange>, T> combine)
    {
        var sorted = ranges.ToArray();
        if (sorted is [var (ports, value)])
            return OfOne(ports, combine([value]), combine([]));
        sorted = [.. sorted.OrderBy(range => range.Ports.First)];
        int[] starts = [.. sorted.SelectMany(range => (int[])[range.Ports.First, range.Ports.Last + 1]).Append(0).Distinct().Order()];
        var values = new T[starts.Length];

        var next = 0;
        var here = new List<(PortRange Ports, TRange Value)>();
        for (var i = 0; i < starts.Length; i++)
        {
            here.RemoveAll(range => range.Ports.Last < starts[i]);
            while (next < sorted.Length && sorted[next].Ports.First == starts[i])
                here.Add(sorted[next++]);
            values[i] = combine([.. here.Select(range => range.Value)]);
        }
        return new PortIndex<T>(starts, values);
    }

    /// <summary>The same for one range: with thousands of prefixes, most have no more.</summary>
    public static PortIndex<T> OfOne(PortRange ports, T inside, T outside) => ports switch
    {
        { First: 0, Last: ushort.MaxValue } => new([0], [inside]),
        { First: 0 } => new([0, ports.Last + 1], [inside, outside]),
        { Last: ushort.MaxValue } => new([0, ports.First], [outside, inside]),
        _ => new([0, ports.First, ports.Last + 1], [outside, inside, outside]),
    };

    public T At(ushort port)
    {
        var index = Array.BinarySearch(_starts, port);
        return _values[index >= 0 ? index : ~index - 1];
    }
}
