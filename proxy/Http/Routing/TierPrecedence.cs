namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// Where a tier stands among those that hold a destination, as for streams: the lower order goes first, then the longer
/// address prefix, then the narrower port range.
/// </summary>
/// <param name="Run">The place of its orders among all (<see cref="OrderRuns"/>).</param>
/// <param name="PrefixLength">-1 where it has no prefix.</param>
/// <param name="Ports">How many ports its range has.</param>
internal readonly record struct TierPrecedence(int Run, int PrefixLength, int Ports) : IComparable<TierPrecedence>
{
    public int CompareTo(TierPrecedence other) =>
        (Run, -PrefixLength, Ports).CompareTo((other.Run, -other.PrefixLength, other.Ports));
}
