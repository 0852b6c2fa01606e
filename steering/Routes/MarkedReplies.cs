using System.Diagnostics.CodeAnalysis;

namespace Everyport.Steering.Routes;

/// <summary>
/// Makes the kernel answer a marked TCP connection with the same mark: an accepted socket takes it over from the SYN,
/// and a refusal repeats it. Remembers nothing itself: which settings it has switched on is a number, one bit each,
/// that is kept where it survives the process.
/// </summary>
internal sealed class MarkedReplies : IDisposable
{
    // The first serves both families, whatever its name says.
    private readonly NamespaceSwitch[] _switches =
        [new("ipv4/tcp_fwmark_accept"), new("ipv4/fwmark_reflect"), new("ipv6/fwmark_reflect")];

    /// <summary>The highest number that <see cref="Missing"/> returns.</summary>
    public const uint All = 7;

    /// <summary>The settings that a family needs and that are off.</summary>
    public uint Missing(bool ipv6)
    {
        var missing = 0u;
        foreach (var index in (ReadOnlySpan<int>)[0, ipv6 ? 2 : 1])
        {
            if (!_switches[index].IsOn)
                missing |= 1u << index;
        }
        return missing;
    }

    /// <summary>Switches settings on; where one cannot be, says which.</summary>
    public bool TrySwitchOn(uint switches, [NotNullWhen(false)] out string? name)
    {
        name = Chosen(switches).FirstOrDefault(one => !one.TrySet(true))?.Name;
        return name is null;
    }

    /// <summary>Switches settings off again. In a namespace that has died meanwhile there is nothing to do.</summary>
    public void SwitchOff(uint switches)
    {
        foreach (var one in Chosen(switches))
            one.TrySet(false);
    }

    public void Dispose() => Array.ForEach(_switches, one => one.Dispose());

    private IEnumerable<NamespaceSwitch> Chosen(uint switches) => _switches.Where((_, index) => (switches >> index & 1) != 0);
}
