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
            var seen = new List<OpenConnection>();
            register.LookInto(seen);
            Assert.Equal(open.Select(one => one.Item.Bytes).Order(), seen.Select(one => one.ToClient).Order());
            Assert.Equal(seen.Count, seen.Select(one => one.Id).Distinct().Count());
        });

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

    private sealed class Item(long bytes) : ILive
    {
        private static readonly Endpoint Nowhere = Endpoint.From(IPEndPoint.Parse("192.0.2.1:1"));

        public long Bytes => bytes;

        public ShelfPlace Place { get; set; }

        public OpenConnection Look() => new() { Kind = "stream", Client = Nowhere, Original = Nowhere, OpenedAt = 0, ToClient = bytes };
    }
}
