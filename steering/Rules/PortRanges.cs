using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;

namespace Everyport.Steering.Rules;

/// <summary>A list of ports and port ranges as written in configuration: <c>*</c>, <c>80</c>, <c>80,443,8000-8999</c>.</summary>
public sealed class PortRanges : IReadOnlyList<PortRange>, IEquatable<PortRanges>
{
    // Large rulesets repeat few port lists: parsed once, they are one object, and comparing them costs nothing.
    private const int MaxRemembered = 4096;
    private static readonly ConcurrentDictionary<string, PortRanges> Remembered = [];

    private readonly PortRange[] _ranges;
    private readonly int _hash;

    private PortRanges(PortRange[] ranges)
    {
        _ranges = ranges;
        var hash = new HashCode();
        foreach (var range in ranges)
            hash.Add(range);
        _hash = hash.ToHashCode();
    }

    /// <summary>Every port; what a rule without <c>Ports</c> means.</summary>
    public static PortRanges All { get; } = new([PortRange.All]);

    /// <summary>Makes a list of the given ranges, which must not be empty.</summary>
    public static PortRanges Of(params IEnumerable<PortRange> ranges)
    {
        PortRange[] list = [.. ranges];
        ArgumentOutOfRangeException.ThrowIfZero(list.Length, nameof(ranges));
        return new PortRanges(list);
    }

    /// <inheritdoc/>
    public int Count => _ranges.Length;

    /// <inheritdoc/>
    public PortRange this[int index] => _ranges[index];

    /// <summary>Whether this is <c>*</c>.</summary>
    public bool IsAll => _ranges is [var only] && only == PortRange.All;

    /// <summary>The narrowest of the ranges that hold the port, or null where none does.</summary>
    public PortRange? Narrowest(ushort port)
    {
        PortRange? best = null;
        foreach (var range in _ranges)
        {
            if (range.Contains(port) && (best is null || range.Count < best.Value.Count))
                best = range;
        }
        return best;
    }

    /// <summary>Reads the text form. <paramref name="error"/> says which part is wrong and why.</summary>
    public static bool TryParse(string text, out PortRanges ports, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        error = null;
        if (Remembered.TryGetValue(text, out ports!))
            return true;

        ports = All;
        if (text.Trim() == "*")
            return true;

        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var ranges = new PortRange[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            error = ParseRange(parts[i], out ranges[i]);
            if (error is not null)
                return false;
        }
        ports = new PortRanges(ranges);
        if (Remembered.Count < MaxRemembered)
            Remembered.TryAdd(text, ports);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(PortRanges? other) => ReferenceEquals(this, other) || other is not null && _hash == other._hash && _ranges.AsSpan().SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PortRanges);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public IEnumerator<PortRange> GetEnumerator() => ((IEnumerable<PortRange>)_ranges).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _ranges.GetEnumerator();

    /// <summary>The text form.</summary>
    public override string ToString() => _ranges is [var only] ? only.ToString() : string.Join(',', _ranges);

    private static string? ParseRange(string part, out PortRange range)
    {
        range = default;
        if (part.Length == 0)
            return "is an empty list entry; ports are '*', '80' or '80,443,8000-8999'";

        var dash = part.IndexOf('-', StringComparison.Ordinal);
        var firstText = dash < 0 ? part : part[..dash].TrimEnd();
        var lastText = dash < 0 ? part : part[(dash + 1)..].TrimStart();
        if (ParsePort(firstText, out var first) is { } firstError)
            return firstError;
        if (ParsePort(lastText, out var last) is { } lastError)
            return lastError;
        if (last < first)
            return $"'{part}' is an empty range; write '{last}-{first}'";

        range = new PortRange(first, last);
        return null;
    }

    private static string? ParsePort(string text, out ushort port)
    {
        port = 0;
        if (text.Length == 0 || !text.All(char.IsAsciiDigit))
            return $"'{text}' is not a port; ports are '*', '80' or '80,443,8000-8999'";
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0
            ? null
            : $"'{text}' is not a port; ports go from 1 to 65535";
    }
}
