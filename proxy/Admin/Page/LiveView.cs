using Everyport.Proxy.Live;

namespace Everyport.Proxy.Admin.Page;

/// <summary>What a viewer wants to see of all that is open, which may be more than anybody can read.</summary>
internal sealed record LiveView(string Filter, LiveOrder Order)
{
    /// <summary>Rows that are shown at most.</summary>
    public const int MostShown = 200;

    /// <summary>The first ones in the wanted order, of those that have the text of the filter in what is shown of them.</summary>
    public ShownConnection[] Of(ReadOnlySpan<SampledConnection> sample, long now)
    {
        // To sort thousands for the sake of some would cost more than all the rest. The last one of those so far is on top.
        var first = new PriorityQueue<int, (double Key, long Id)>(MostShown + 1);
        for (var i = 0; i < sample.Length; i++)
        {
            ref readonly var connection = ref sample[i];
            if (Filter.Length > 0 && !Shows(connection.Open))
                continue;
            var place = (KeyOf(connection), -connection.Open.Id);
            if (first.Count < MostShown)
                first.Enqueue(i, place);
            else
                first.EnqueueDequeue(i, place);
        }
        var shown = new ShownConnection[first.Count];
        while (first.TryDequeue(out var index, out _))
            shown[first.Count] = ShownConnection.From(sample[index], now);
        return shown;
    }

    /// <summary>The greater it is, the sooner it is shown.</summary>
    private double KeyOf(in SampledConnection connection) => Order switch
    {
        LiveOrder.Bytes => Moved(connection),
        LiveOrder.Newest => connection.Open.OpenedAt,
        LiveOrder.Oldest => -connection.Open.OpenedAt,
        _ => connection.BytesPerSecond,
    };

    private static long Moved(in SampledConnection connection) => connection.Open.ToDestination + connection.Open.ToClient;

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
