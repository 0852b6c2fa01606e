using Everyport.Steering.Netlink;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Registration;

/// <summary>
/// Which listeners of a program serve together. Those at one address and port do, as a reuseport group; and of TCP and UDP, and
/// of IPv4 and IPv6, each has its own. Where one family and protocol has listeners at several places, somebody has to choose.
/// </summary>
internal static class ListenerChoice
{
    /// <summary>Those at more than one place, of the first family and protocol that has them; empty where all is clear.</summary>
    public static IReadOnlyList<OpenListener> Ambiguous(IReadOnlyCollection<OpenListener> listeners)
    {
        foreach (var protocol in (ReadOnlySpan<Protocols>)[Protocols.Tcp, Protocols.Udp])
        {
            foreach (var ipv6 in (ReadOnlySpan<bool>)[false, true])
            {
                OpenListener[] places =
                [
                    .. listeners.Where(listener => listener.Protocol == protocol && (ipv6 ? listener.IPv6 : listener.IPv4))
                        .DistinctBy(listener => (listener.Address, listener.Port)),
                ];
                if (places.Length > 1)
                    return places;
            }
        }
        return [];
    }

    /// <summary>
    /// The first that fit into the slots of a service. Those of a reuseport group that are left out lose nothing: the kernel spreads
    /// over the group, whichever member is steered to.
    /// </summary>
    public static IReadOnlyList<T> ThatFit<T>(IEnumerable<T> listeners, Func<T, (bool Udp, bool IPv4, bool IPv6)> kindOf)
    {
        var taken = new int[4];
        var fit = new List<T>();
        foreach (var listener in listeners)
        {
            var (udp, ipv4, ipv6) = kindOf(listener);
            ref var inIPv4 = ref taken[TableLayout.Root(ipv6: false, udp)];
            ref var inIPv6 = ref taken[TableLayout.Root(ipv6: true, udp)];
            if (ipv4 && inIPv4 == TableLayout.MembersPerFamily || ipv6 && inIPv6 == TableLayout.MembersPerFamily)
                continue;
            inIPv4 += ipv4 ? 1 : 0;
            inIPv6 += ipv6 ? 1 : 0;
            fit.Add(listener);
        }
        return fit;
    }

    /// <summary>The kind of a listener, for <see cref="ThatFit"/>.</summary>
    public static (bool Udp, bool IPv4, bool IPv6) KindOf(OpenListener listener) => (listener.Protocol == Protocols.Udp, listener.IPv4, listener.IPv6);
}
