using System.Globalization;
using System.Text;
using Everyport.Proxy.Logs.Sinks;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>Nobody waits for an output.</summary>
public sealed class LineSinkTests : IDisposable
{
    private readonly BlockedOutput _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void Lines_are_written_whole_and_in_the_order_of_each_thread()
    {
        _output.Open();
        using (var sink = new LineSink(_output))
            Parallel.For(0, 8, thread =>
            {
                for (var i = 0; i < 1000; i++)
                    Assert.True(sink.TryWrite(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{thread} {i}\n"))));
            });
        var lines = _output.Written.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToArray();
        Assert.Equal(8000, lines.Length);
        foreach (var ofThread in lines.GroupBy(line => line[0]))
            Assert.Equal(Enumerable.Range(0, 1000).Select(i => i.ToString(CultureInfo.InvariantCulture)), ofThread.Select(line => line[1]));
    }

    [Fact]
    public void While_the_output_is_blocked_lines_are_dropped_and_counted_and_later_ones_are_written()
    {
        using var sink = new LineSink(_output);
        var line = Encoding.ASCII.GetBytes(new string('a', 999) + "\n");
        Assert.True(sink.TryWrite(line));
        Patience.Eventually(() => _output.IsEntered);

        var taken = 0;
        while (sink.TryWrite(line))
            taken++;
        Assert.Equal(LineSink.Capacity / line.Length, taken);
        Assert.False(sink.TryWrite(line));
        Assert.Equal(2, sink.Dropped);

        _output.Open();
        Patience.Eventually(() => _output.Written.Length == (taken + 1) * line.Length);
        Assert.True(sink.TryWrite("last\n"u8));
        Patience.Eventually(() => _output.Written.EndsWith("last\n", StringComparison.Ordinal));
    }

    [Fact]
    public void A_blocked_output_keeps_nobody_from_ending()
    {
        var sink = new LineSink(_output);
        sink.TryWrite("line\n"u8);
        Patience.Eventually(() => _output.IsEntered);
        sink.Dispose();
        Assert.Empty(_output.Written);
        _output.Open();
    }

    [Fact]
    public void What_fails_is_counted_and_told()
    {
        var log = new LogLines<LineSink>();
        _output.Fails = true;
        _output.Open();
        using var sink = new LineSink(_output) { Complaints = log };
        sink.TryWrite("one\n"u8);
        Patience.Eventually(() => log.All.Length > 0);
        Assert.Equal("Warning: Cannot write 'test': no space left; 1 lines have been dropped so far", log.All[0]);

        _output.Fails = false;
        sink.TryWrite("two\n"u8);
        Patience.Eventually(() => _output.Written == "two\n");
    }

    [Fact]
    public void Lines_that_come_too_late_go_to_the_heir_and_without_one_they_are_counted()
    {
        _output.Open();
        using var other = new BlockedOutput();
        other.Open();
        using var heir = new LineSink(other);
        var sink = new LineSink(_output);
        sink.Dispose(heir);
        Assert.True(sink.TryWrite("late\n"u8));
        heir.Dispose();
        Assert.Equal(("", "late\n"), (_output.Written, other.Written));

        Assert.False(sink.TryWrite("too late\n"u8));
        Assert.Equal((0, 1), (sink.Dropped, heir.Dropped));
    }

    [Fact]
    public void The_last_lines_are_written_at_the_end()
    {
        _output.Open();
        using (var sink = new LineSink(_output))
            sink.TryWrite("last\n"u8);
        Assert.Equal("last\n", _output.Written);
    }
}
