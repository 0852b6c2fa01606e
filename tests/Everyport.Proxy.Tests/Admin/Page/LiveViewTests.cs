using System.Net;
using CsCheck;
using Everyport.Proxy.Admin.Page;
using Everyport.Proxy.Live;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Tests.Admin.Page;

public class LiveViewTests
{
    [Theory]
    [InlineData("Rate")]
    [InlineData("Bytes")]
    [InlineData("Newest")]
    [InlineData("Oldest")]
    public void The_first_ones_are_shown_in_their_order(string name) => Gen.Int[0, 50].Array[0, 600].Sample(values =>
    {
        var order = Enum.Parse<LiveOrder>(name);
        var sample = values.Select((value, id) => Connection(id, value)).ToArray();
        var sign = order == LiveOrder.Oldest ? 1 : -1;
        var expected = sample.OrderBy(one => sign * (int)one.BytesPerSecond).ThenBy(one => one.Open.Id).Take(LiveView.MostShown).Select(one => $"{one.Open.Id}");
        Assert.Equal(expected, new LiveView("", order).Of(sample, now: 0).Select(shown => shown.Id));
    });

    [Fact]
    public void A_filter_looks_at_all_that_is_shown()
    {
        SampledConnection[] sample = [Connection(1, 5), Connection(2, 6)];
        Assert.Equal(2, new LiveView("192.0.2.1:1", LiveOrder.Rate).Of(sample, 0).Length);
        Assert.Equal(2, new LiveView("STREAM", LiveOrder.Rate).Of(sample, 0).Length);
        Assert.Equal("2", Assert.Single(new LiveView("route-2", LiveOrder.Rate).Of(sample, 0)).Id);
        Assert.Empty(new LiveView("nowhere", LiveOrder.Rate).Of(sample, 0));
    }

    /// <summary>One value stands for all that may be sorted by.</summary>
    private static SampledConnection Connection(long id, int value)
    {
        var somewhere = Endpoint.From(IPEndPoint.Parse("192.0.2.1:1"));
        return new(new OpenConnection { Id = id, Kind = OpenConnection.Stream, Client = somewhere, Original = somewhere, Route = $"route-{id}", OpenedAt = value, ToClient = value }, value);
    }
}
