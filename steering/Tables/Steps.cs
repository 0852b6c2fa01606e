using System.Runtime.InteropServices;

namespace Everyport.Steering.Tables;

/// <summary>
/// A piecewise constant function over 128 bits: the first step begins at 0 and each lasts until the next begins.
/// Addresses and ports are aligned to the top, so that one builder serves both.
/// </summary>
internal sealed class Steps
{
    private readonly List<UInt128> _starts;
    private readonly List<uint> _values;

    public Steps(int capacity = 0) => (_starts, _values) = (new List<UInt128>(capacity), new List<uint>(capacity));

    public ReadOnlySpan<UInt128> Starts => CollectionsMarshal.AsSpan(_starts);

    public Span<uint> Values => CollectionsMarshal.AsSpan(_values);

    /// <summary>
    /// From <paramref name="start"/> on, the function has this value. Starts come in ascending order; of several
    /// with the same start the last counts.
    /// </summary>
    public void Add(UInt128 start, uint value)
    {
        if (_starts.Count > 0 && _starts[^1] == start)
        {
            _starts.RemoveAt(_starts.Count - 1);
            _values.RemoveAt(_values.Count - 1);
        }
        if (_values.Count > 0 && _values[^1] == value)
            return;
        _starts.Add(start);
        _values.Add(value);
    }
}
