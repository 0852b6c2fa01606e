using CsCheck;
using Everyport.Proxy.Flows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Which datagrams go to the kernel as one message: those that it cuts apart again exactly where they were put together.</summary>
public class SegmentRunTests
{
    /// <summary>What is received at one place: a datagram, or several that the kernel has put together.</summary>
    private static readonly Gen<(int Length, int Segment)> Place = Gen.Frequency(
        (4, Gen.OneOf(0, 1, 64, 1200, 1452, 1453, 9000, 65_487, 65_507, 65_527).Select(length => (length, 0))),
        (1, Gen.Int[0, 2000].Select(length => (length, 0))),
        (2, Gen.Select(Gen.OneOf(64, 100, 1200, 1452), Gen.Int[1, 40], Gen.Int[1, 64]).Select((segment, full, last) => (segment * full + last, segment))));

    [Fact]
    public void The_kernel_cuts_a_run_into_the_very_datagrams_that_it_was_made_of() => Place.List[1, 80].Sample(places =>
    {
        var (expected, actual) = (places.SelectMany(Cut).ToArray(), new List<int>());
        foreach (var run in Runs(places))
            actual.AddRange(Cut((run.Bytes, run.Piece)));
        Assert.Equal(expected, actual);
    });

    [Fact]
    public void A_run_of_several_places_keeps_to_what_the_kernel_takes() => Place.List[1, 80].Sample(places =>
    {
        foreach (var run in Runs(places).Where(run => !places.Contains((run.Bytes, 0)) && !places.Contains((run.Bytes, run.Piece))))
        {
            Assert.InRange(run.Pieces, 2, SegmentRun.MaxPieces);
            Assert.InRange(run.Bytes, 1, SegmentRun.MaxBytes);
            Assert.InRange(run.Piece, 1, SegmentRun.MaxPiece);
        }
    });

    [Fact]
    public void Datagrams_of_one_size_make_one_run()
    {
        var run = SegmentRun.Of(100, 0);
        for (var i = 1; i < SegmentRun.MaxPieces; i++)
            Assert.True(run.TryAppend(100, 0));
        Assert.False(run.TryAppend(100, 0));
        Assert.Equal((100, 100 * SegmentRun.MaxPieces, SegmentRun.MaxPieces), (run.Piece, run.Bytes, run.Pieces));
    }

    [Fact]
    public void A_shorter_datagram_ends_a_run_and_a_longer_one_begins_another()
    {
        var run = SegmentRun.Of(100, 0);
        Assert.False(run.TryAppend(101, 0));
        Assert.True(run.TryAppend(99, 0));
        Assert.False(run.TryAppend(99, 0));
        Assert.False(run.TryAppend(1, 0));
        Assert.Equal(2, run.Pieces);
    }

    [Fact]
    public void An_empty_datagram_is_one_of_its_own()
    {
        Assert.Equal(1, SegmentRun.Of(0, 0).Pieces);
        var (empty, other) = (SegmentRun.Of(0, 0), SegmentRun.Of(10, 0));
        Assert.False(empty.TryAppend(0, 0));
        Assert.False(empty.TryAppend(10, 0));
        Assert.False(other.TryAppend(0, 0));
    }

    private static List<SegmentRun> Runs(List<(int Length, int Segment)> places)
    {
        var runs = new List<SegmentRun> { SegmentRun.Of(places[0].Length, places[0].Segment) };
        foreach (var (length, segment) in places.Skip(1))
        {
            var last = runs[^1];
            if (last.TryAppend(length, segment))
                runs[^1] = last;
            else
                runs.Add(SegmentRun.Of(length, segment));
        }
        return runs;
    }

    /// <summary>The sizes of the datagrams in so many bytes, as the kernel cuts them.</summary>
    private static IEnumerable<int> Cut((int Length, int Segment) place)
    {
        var piece = place.Segment > 0 ? place.Segment : place.Length;
        var left = place.Length;
        for (; left > piece; left -= piece)
            yield return piece;
        yield return left;
    }
}
