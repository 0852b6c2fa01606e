using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// Numbers the values of <c>Order</c>. Neighbours that only occur in one kind of place (prefix length and number of
/// ports) share a number: between them no other place can come, and ASP.NET Core's own routing goes by order first. So
/// routes that all hold the same destinations need one matcher, whatever orders they have.
/// </summary>
internal sealed class OrderRuns
{
    private readonly Dictionary<int, int> _runs = [];

    public OrderRuns(IEnumerable<RouteEntry> entries)
    {
        var orders = entries
            .Select(entry => (entry.Order, Place: (entry.Prefix?.Length ?? -1, entry.Ports.Count)))
            .Distinct()
            .GroupBy(entry => entry.Order, entry => entry.Place)
            .OrderBy(order => order.Key);

        var run = 0;
        (int, int)? before = null;
        foreach (var order in orders)
        {
            (int, int)? only = order.Count() == 1 ? order.First() : null;
            if (only is null || only != before)
                run++;
            _runs[order.Key] = run;
            before = only;
        }
    }

    public int Of(int order) => _runs[order];
}
