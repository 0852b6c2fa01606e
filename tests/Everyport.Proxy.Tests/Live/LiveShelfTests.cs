using System.Net;
using CsCheck;
using Everyport.Proxy.Live;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Tests.Live;

public class LiveShelfTests
{
    [Fact]
    public void A_register_shows_what_was_added_and_not_removed_each_with_a_number_of_its_own() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 20]).Array[0, 60].Sample(steps =>
        {
            var register = new LiveRegister();
            LiveShelf[] shelves = [register.NewShelf(), register.NewShelf()];
            var open = new List<(LiveShelf Shelf, Item Item)>();
            foreach (var (what, which) in steps)
            {
                if (what == 2 && open.Count > 0)
                {
                    var (shelf, item) = open[which % open.Count];
                    shelf.Remove(item);
                    open.RemoveAt(which % open.Count);
                }
                else
                {
                    var item = new Item(open.Count);
                    shelves[what % 2].Add(item);
                    open.Add((shelves[what % 2], item));
                }
            }
            var seen = new List<SampledConnection>();
            register.LookInto(seen, 1);
            Assert.Equal(open.Select(one => one.Item.Bytes).Order(), seen.Select(one => one.Open.ToClient).Order());
            Assert.Equal(seen.Count, seen.Select(one => one.Open.Id).Distinct().Count());
        });

    [Fact]
    public void A_rate_is_what_has_moved_since_the_last_look()
    {
        var (register, time) = (new LiveRegister(), new FakeTime());
        var (shelf, sampler) = (register.NewShelf(), new LiveSampler(register, time));
        var (first, second) = (new Item(1000), new Item(0));
        shelf.Add(first);
        Assert.Equal([0], Rates(sampler)); // nobody has looked before
        time.Now += TimeSpan.FromSeconds(0.5);
        first.Bytes = 3000;
        Assert.Equal([0], Rates(sampler)); // the same look
        time.Now += TimeSpan.FromSeconds(1.5);
        shelf.Add(second);
        second.Bytes = 500;
        Assert.Equal([1000, 250], Rates(sampler));
        time.Now += TimeSpan.FromSeconds(1);
        shelf.Remove(first);
        Assert.Equal([0], Rates(sampler));
        Assert.Equal((2, 3500), sampler.Read((_, in totals) => (totals.Count, totals.ToClient)));
        time.Now += TimeSpan.FromMinutes(1);
        second.Bytes = 60_500;
        Assert.Equal([0], Rates(sampler)); // too long ago
    }

    [Fact]
    public void The_last_ends_are_remembered_and_told_once()
    {
        var ends = new Ends();
        for (var i = 1; i <= Ends.Capacity + 10; i++)
            ends.Add(new EndedConnection(0, default, default, default, $"{i}", false));
        var all = ends.After(0);
        Assert.Equal(Enumerable.Range(11, Ends.Capacity).Select(i => $"{i}"), all.Select(end => end.Reason));
        Assert.Empty(ends.After(all[^1].Id));
        ends.Add(new EndedConnection(0, default, default, default, "new", false));
        Assert.Equal("new", Assert.Single(ends.After(all[^1].Id)).Reason);
    }

    private static double[] Rates(LiveSampler sampler) => sampler.Read((open, in _) => Array.ConvertAll(open.ToArray(), one => one.BytesPerSecond));

    private sealed class FakeTime : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    private sealed class Item(long bytes) : ILive
    {
        private static readonly Endpoint Nowhere = Endpoint.From(IPEndPoint.Parse("192.0.2.1:1"));

        public long Bytes { get; set; } = bytes;

        public ShelfPlace Place { get; set; }

        public OpenConnection Look() => new() { Kind = "stream", Client = Nowhere, Original = Nowhere, OpenedAt = 0, ToClient = Bytes };
    }
}
