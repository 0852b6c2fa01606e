using Everyport.Proxy.Flows;
using static Everyport.Proxy.Tests.Flows.SomeFlows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Clients whose hello is not complete: bounded in number and in time.</summary>
public sealed class PendingHellosTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly PendingHellos _hellos = new(now: 0);
    private readonly List<FlowKey> _over = [];

    public void Dispose() => _hellos.Dispose();

    [Fact]
    public void One_is_found_until_its_time_is_over()
    {
        var pending = New(1);
        Assert.Null(_hellos.Add(pending, now: 0));
        Assert.True(_hellos.TryFind(Key(1), out var found));
        Assert.Same(pending, found);
        _hellos.Advance(2000);
        Assert.Empty(_over);
        _hellos.Advance(4000);
        Assert.Equal([Key(1)], _over);
    }

    [Fact]
    public void One_that_was_removed_is_not_called()
    {
        var pending = New(1);
        _hellos.Add(pending, now: 0);
        _hellos.Remove(pending);
        _hellos.Advance(4000);
        Assert.Empty(_over);
        Assert.False(_hellos.TryFind(Key(1), out _));
    }

    [Fact]
    public void Where_there_are_too_many_the_oldest_goes_and_those_that_are_done_are_passed_over()
    {
        var pending = Enumerable.Range(1, PendingHellos.Most).Select(New).ToArray();
        Assert.All(pending, one => Assert.Null(_hellos.Add(one, now: 0)));
        Assert.Same(pending[0], _hellos.Add(New(5001), now: 1));
        _hellos.Remove(pending[1]);
        Assert.Null(_hellos.Add(New(5002), now: 1));
        Assert.Same(pending[2], _hellos.Add(New(5003), now: 1));
        Assert.Equal(PendingHellos.Most, _hellos.Count);
    }

    private PendingHello New(int client) => new(Key(client), new FlowRules(null!, new(1), null!, Timeout), default, over => _over.Add(over.Key));
}
