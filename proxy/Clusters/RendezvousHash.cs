using Everyport.Steering.Rules;

namespace Everyport.Proxy.Clusters;

/// <summary>
/// Rendezvous hashing (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998): each
/// destination has a score for each client, and the highest one wins. Without a destination, only its own clients go
/// elsewhere. The scores depend on names and addresses alone, so that every proxy with the same cluster decides alike.
/// </summary>
internal static class RendezvousHash
{
    /// <summary>The share of a destination in its scores. Names are compared without case, as keys of the configuration are.</summary>
    public static ulong Seed(string name)
    {
        // FNV-1a, 64 bits.
        var hash = 0xCBF29CE484222325UL;
        foreach (var c in name)
            hash = (hash ^ char.ToUpperInvariant(c)) * 0x100000001B3UL;
        return Mix(hash);
    }

    /// <summary>
    /// The score of a destination for a client. The whole address counts, of IPv6 too: it is the connection that is
    /// to find its way back, and not a household.
    /// </summary>
    public static ulong Score(ulong seed, Address client) => Mix(Mix(seed ^ (ulong)(client.Bits >> 64)) ^ (ulong)client.Bits);

    /// <summary>The finalizer of MurmurHash3: each bit of the result depends on each bit of the input.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ value >> 33) * 0xFF51AFD7ED558CCDUL;
        value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53UL;
        return value ^ value >> 33;
    }
}
