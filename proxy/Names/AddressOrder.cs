using System.Collections.Immutable;
using System.Net;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Names;

/// <summary>The order in which the addresses of one name are dialled.</summary>
internal static class AddressOrder
{
    /// <summary>
    /// Lets the families alternate, as RFC 8305, section 4 says: where one of them leads nowhere, the second dial
    /// already is of the other. The resolver's first address stays first, as it has sorted by RFC 6724: IPv6 where
    /// this machine has it. Otherwise its order is kept within each family, and doubles are left out.
    /// </summary>
    public static ImmutableArray<Address> Interleave(IEnumerable<IPAddress> resolved)
    {
        Address[] all = [.. resolved.Select(Address.From).Distinct()];
        if (all.Length == 0)
            return [];
        var first = all.Where(address => address.IsIPv6 == all[0].IsIPv6).ToArray();
        var second = all.Where(address => address.IsIPv6 != all[0].IsIPv6).ToArray();

        var alternating = ImmutableArray.CreateBuilder<Address>(all.Length);
        for (var i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            if (i < first.Length)
                alternating.Add(first[i]);
            if (i < second.Length)
                alternating.Add(second[i]);
        }
        return alternating.MoveToImmutable();
    }
}
