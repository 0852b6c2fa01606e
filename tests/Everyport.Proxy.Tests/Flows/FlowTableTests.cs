using Everyport.Proxy.Flows;
using static Everyport.Proxy.Tests.Flows.SomeFlows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Which flows there are, which ones end by themselves, and which one makes room. Times are milliseconds that the test chooses.</summary>
public sealed class FlowTableTests : IDisposable
{
    private const long Second = 1000;

    private readonly FlowTable _flows = new(now: 0);
    private readonly List<Flow> _opened = [];

    public void Dispose()
    {
        foreach (var flow in _opened)
            flow.Upstream.Dispose();
    }

    [Fact]
    public void A_flow_is_found_by_its_endpoints_and_by_its_id_until_it_is_removed()
    {
        var flow = Add(1);
        Assert.True(_flows.TryFind(Key(1), out var byKey));
        Assert.True(_flows.TryFind(flow.Id, out var byId));
        Assert.Same(flow, byKey);
        Assert.Same(flow, byId);
        Assert.False(_flows.TryFind(Key(2), out _));

        _flows.Remove(flow);
        Assert.False(_flows.TryFind(Key(1), out _));
        Assert.False(_flows.TryFind(flow.Id, out _));
        Assert.Equal(0, _flows.Count);
        Assert.Null(_flows.LeastValuable);
    }

    [Fact]
    public void An_id_is_never_used_twice_and_leaves_room_for_other_users_of_the_epoll()
    {
        var ids = Enumerable.Range(1, 10).Select(client =>
        {
            var flow = Add(client);
            _flows.Remove(flow);
            return flow.Id;
        }).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(id > FlowTable.FirstId));
    }

    [Fact]
    public void The_flow_that_was_idle_for_longest_makes_room()
    {
        var (first, second, third) = (Add(1), Add(2), Add(3));
        _flows.Touch(first, Second);
        Assert.Same(second, _flows.LeastValuable);
        _flows.Touch(second, Second);
        Assert.Same(third, _flows.LeastValuable);
        _flows.Remove(third);
        Assert.Same(first, _flows.LeastValuable);
    }

    [Fact]
    public void A_flow_whose_client_goes_on_after_an_answer_stays_when_there_are_enough_of_others()
    {
        var conversation = Converse(Add(1));
        var oneShot = Add(2);
        Assert.Same(oneShot, _flows.LeastValuable);
    }

    [Fact]
    public void Where_hardly_any_flow_is_new_the_old_ones_make_room()
    {
        var conversations = Enumerable.Range(1, 4).Select(client => Converse(Add(client))).ToArray();
        Add(5);
        Assert.Same(conversations[0], _flows.LeastValuable);
        Add(6);
        Assert.Equal(5, _flows.LeastValuable!.Key.Client.Port - 10_000);
    }

    [Fact]
    public void A_flow_expires_when_it_has_been_idle_for_as_long_as_its_route_allows()
    {
        var (quick, slow) = (Add(1, TimeSpan.FromSeconds(5)), Add(2, TimeSpan.FromSeconds(300)));
        Assert.Empty(_flows.Expire(4 * Second));
        Assert.Equal([quick], _flows.Expire(6 * Second));
        _flows.Remove(quick);
        Assert.Empty(_flows.Expire(299 * Second));
        Assert.Equal([slow], _flows.Expire(301 * Second));
    }

    [Fact]
    public void A_datagram_keeps_its_flow_but_no_other()
    {
        var (busy, idle) = (Add(1), Add(2));
        var expired = new List<Flow>();
        for (var now = Second; now <= 600 * Second; now += Second)
        {
            _flows.Touch(busy, now);
            foreach (var flow in _flows.Expire(now))
            {
                expired.Add(flow);
                _flows.Remove(flow);
            }
        }
        Assert.Equal([idle], expired);
    }

    [Fact]
    public void A_flow_that_was_removed_does_not_expire()
    {
        _flows.Remove(Add(1));
        Assert.Empty(_flows.Expire(600 * Second));
    }

    [Fact]
    public void A_limit_that_comes_later_ends_the_flows_that_are_quiet_for_as_long()
    {
        var (quiet, busy) = (Add(1), Add(2));
        _flows.Touch(busy, 18 * Second);
        Assert.Empty(_flows.Expire(20 * Second));
        _flows.LimitIdleTimeout(5 * Second);
        Assert.Equal([quiet], _flows.Expire(21 * Second));
        _flows.Remove(quiet);
        Assert.Equal([busy], _flows.Expire(24 * Second));
    }

    private Flow Add(int client, TimeSpan? idleTimeout = null)
    {
        var flow = Flow(Key(client), Route(idleTimeout));
        _opened.Add(flow);
        _flows.Add(flow, now: 0);
        return flow;
    }

    private Flow Converse(Flow flow)
    {
        flow.Budget.Received(100, 1);
        Assert.True(flow.Budget.TryAnswer(100, 1));
        flow.Budget.Received(100, 1);
        _flows.Touch(flow, 0);
        return flow;
    }
}
