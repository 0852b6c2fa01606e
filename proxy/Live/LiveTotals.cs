namespace Everyport.Proxy.Live;

/// <summary>Sums over connections and flows.</summary>
internal readonly record struct LiveTotals(long Count, long ToDestination, long ToClient)
{
    public LiveTotals Plus(in OpenConnection one) => new(Count + 1, ToDestination + one.ToDestination, ToClient + one.ToClient);

    public LiveTotals Plus(LiveTotals others) => new(Count + others.Count, ToDestination + others.ToDestination, ToClient + others.ToClient);
}
