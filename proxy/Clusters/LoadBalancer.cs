using Everyport.Steering.Rules;

namespace Everyport.Proxy.Clusters;

/// <summary>Picks one of the candidates, as a policy says.</summary>
internal static class LoadBalancer
{
    /// <summary>Null where there is no candidate. <paramref name="turn"/> is the cluster's count of picks, shared by all threads.</summary>
    public static DestinationState? Pick(LoadBalancing policy, scoped Candidates candidates, Address client, ref int turn) => candidates.Count switch
    {
        0 => null,
        1 => candidates[0],
        _ => policy switch
        {
            LoadBalancing.RoundRobin => candidates[NextTurn(ref turn, candidates.Count)],
            LoadBalancing.LeastConnections => LeastConnections(candidates, NextTurn(ref turn, candidates.Places)),
            LoadBalancing.Random => candidates[Random.Shared.Next(candidates.Count)],
            LoadBalancing.FirstAlphabetical => candidates[0],
            LoadBalancing.SourceHash => HighestScore(candidates, client),
            _ => BetterOfTwo(candidates),
        },
    };

    private static int NextTurn(ref int turn, int count) => (int)((uint)Interlocked.Increment(ref turn) % (uint)count);

    /// <summary>The less loaded of two, as Mitzenmacher (2001): nearly as even as looking at all, and no herd runs to one that has just come up.</summary>
    private static DestinationState BetterOfTwo(scoped Candidates candidates)
    {
        var first = Random.Shared.Next(candidates.Count);
        var second = Random.Shared.Next(candidates.Count - 1);
        var (a, b) = (candidates[first], candidates[second < first ? second : second + 1]);
        return a.Connections <= b.Connections ? a : b;
    }

    /// <summary>Looks from a place that moves on, so that an idle cluster does not give all to its first destination.</summary>
    private static DestinationState? LeastConnections(scoped Candidates candidates, int start)
    {
        DestinationState? best = null;
        var least = int.MaxValue;
        for (var i = 0; i < candidates.Places && least > 0; i++)
        {
            if (candidates.At((start + i) % candidates.Places) is { } candidate && candidate.Connections is var connections && connections < least)
                (best, least) = (candidate, connections);
        }
        return best;
    }

    private static DestinationState? HighestScore(scoped Candidates candidates, Address client)
    {
        DestinationState? best = null;
        var highest = 0UL;
        for (var i = 0; i < candidates.Places; i++)
        {
            if (candidates.At(i) is not { } candidate)
                continue;
            var score = RendezvousHash.Score(candidate.HashSeed, client);
            if (best is null || score > highest)
                (best, highest) = (candidate, score);
        }
        return best;
    }
}
