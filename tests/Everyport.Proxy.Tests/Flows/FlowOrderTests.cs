using CsCheck;
using Everyport.Proxy.Flows;
using static Everyport.Proxy.Tests.Flows.SomeFlows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>The order of use, beside a plain list.</summary>
public class FlowOrderTests
{
    private const int Flows = 6;

    [Fact]
    public void It_is_that_of_a_list_to_whose_end_goes_what_is_used() =>
        Gen.Select(Gen.Int[0, Flows - 1], Gen.Bool).List[0, 60].Sample(steps =>
        {
            var flows = Enumerable.Range(0, Flows).Select(client => Flow(Key(client))).ToArray();
            var (order, expected) = (new FlowOrder(), new List<Flow>());
            foreach (var (number, remove) in steps)
            {
                var flow = flows[number];
                if (!expected.Remove(flow))
                    order.Add(flow);
                else if (remove)
                    order.Remove(flow);
                else
                    order.Touch(flow);
                if (!remove || flow.Order is not null)
                    expected.Add(flow);

                Assert.Equal(expected.Count, order.Count);
                Assert.Equal(expected, OldestFirst(order));
            }
            foreach (var flow in flows)
                flow.Upstream.Dispose();
        }, iter: 200);

    private static IEnumerable<Flow> OldestFirst(FlowOrder order)
    {
        for (var flow = order.Oldest; flow is not null; flow = flow.Newer)
            yield return flow;
    }
}
