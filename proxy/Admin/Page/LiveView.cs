using Everyport.Proxy.Live;

namespace Everyport.Proxy.Admin.Page;

/// <summary>What a viewer wants to see of all that is open, which may be more than anybody can read.</summary>
internal sealed record LiveView(string Filter, LiveOrder Order)
{
    /// <summary>Rows that are shown at most.</summary>
    public const int MostShown = 200;

    /// <summary>The first ones in the wanted order, of those that have the text of the filter in what is shown of them.</summary>
    public ShownConnection[] Of(SampledConnection[] sample, long now)
    {
        var wanted = Filter.Length == 0 ? [.. sample] : Array.FindAll(sample, connection => Shows(connection.Open));
        Array.Sort(wanted, Order switch
        {
            LiveOrder.Bytes => static (a, b) => Moved(b).CompareTo(Moved(a)),
            LiveOrder.Newest => static (a, b) => b.Open.OpenedAt.CompareTo(a.Open.OpenedAt),
            LiveOrder.Oldest => static (a, b) => a.Open.OpenedAt.CompareTo(b.Open.OpenedAt),
            _ => static (a, b) => b.BytesPerSecond != a.BytesPerSecond ? b.BytesPerSecond.CompareTo(a.BytesPerSecond) : a.Open.Id.CompareTo(b.Open.Id),
        });
        return [.. wanted.Take(MostShown).Select(connection => ShownConnection.From(connection, now))];
    }

    private static long Moved(SampledConnection connection) => connection.Open.ToDestination + connection.Open.ToClient;

    private bool Shows(in OpenConnection open) =>
        Has(open.Kind) || Has(open.Client.ToString()) || Has(open.Original.ToString()) || Has(open.Name) || Has(open.Route) || Has(open.Destination);

    private bool Has(string? value) => value?.Contains(Filter, StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>Which connections are shown first.</summary>
internal enum LiveOrder
{
    /// <summary>Those that move the most bytes in a second.</summary>
    Rate,

    /// <summary>Those that have moved the most bytes.</summary>
    Bytes,

    /// <summary>Those that were opened last.</summary>
    Newest,

    /// <summary>Those that were opened first.</summary>
    Oldest,
}
