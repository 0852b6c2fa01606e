using System.Collections.Frozen;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Logs.Sinks;
using Everyport.Proxy.Streams;

namespace Everyport.Proxy.Tests.Logs;

/// <summary>What is logged of what has ended.</summary>
public sealed class AccessLogTests : IDisposable
{
    private readonly BlockedOutput _output = new();
    private readonly LineSink _sink;
    private readonly AccessLog _log;

    public AccessLogTests()
    {
        _output.Open();
        _sink = new LineSink(_output);
        _log = new AccessLog(_sink, isTerminal: false, TimeProvider.System, new LogLines<LineSink>());
    }

    public void Dispose()
    {
        _log.Dispose();
        _sink.Dispose();
    }

    [Fact]
    public void Nothing_is_logged_before_it_is_told_to()
    {
        WriteEach();
        Assert.Equal(0, Lines());
    }

    [Theory]
    [InlineData(RecordKinds.All, 3)]
    [InlineData(RecordKinds.Requests | RecordKinds.Flows, 2)]
    [InlineData(RecordKinds.Streams, 1)]
    [InlineData(RecordKinds.None, 0)]
    public void Kinds_are_chosen(object kinds, int lines)
    {
        _log.Apply(new AccessLogSettings { Kinds = (RecordKinds)kinds });
        WriteEach();
        Assert.Equal(lines, Lines());
    }

    [Fact]
    public void Routes_are_left_out()
    {
        _log.Apply(new AccessLogSettings { ExceptRoutes = FrozenSet.ToFrozenSet(["WEB", "dns"], StringComparer.OrdinalIgnoreCase) });
        WriteEach();
        _log.Write(SomeRecords.Request(route: null));
        Assert.Equal(2, Lines());
    }

    [Fact]
    public void A_sample_is_logged_and_all_errors()
    {
        _log.Apply(new AccessLogSettings { RequestShare = 0.1, StreamShare = 0.1, FlowShare = 0.1 });
        for (var i = 0; i < 1000; i++)
            WriteEach();
        for (var i = 0; i < 100; i++)
        {
            _log.Write(SomeRecords.Request(status: 503));
            _log.Write(SomeRecords.Request(status: 404, reason: HttpErrorReason.NoRoute));
            _log.Write(SomeRecords.Stream(CloseReason.DestinationUnreachable));
            _log.Write(SomeRecords.Flow(FlowCloseReason.DestinationUnreachable));
        }
        // 300 of 3,000; that it is off by more than 150 happens less than once in 10^18 times.
        Assert.InRange(Lines(), 400 + 150, 400 + 450);
    }

    [Fact]
    public void A_file_takes_the_place_of_standard_output_and_the_other_way_round()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "access.log");
        _log.Apply(new AccessLogSettings { Path = path });
        WriteEach();
        Assert.Throws<IOException>(() => _log.Apply(new AccessLogSettings { Path = Path.Combine(directory.Path, "missing", "access.log") }));
        WriteEach();
        _log.Apply(new AccessLogSettings());
        WriteEach();
        Assert.Equal(6, File.ReadAllLines(path).Length);
        Assert.Equal(3, Lines());
    }

    [Fact]
    public void No_line_is_lost_while_one_file_takes_the_place_of_another()
    {
        const int Changes = 20, Threads = 2, Lines = 200;
        using var directory = new TemporaryDirectory();
        string[] paths = [Path.Combine(directory.Path, "a.log"), Path.Combine(directory.Path, "b.log")];
        for (var i = 0; i < Changes; i++)
        {
            var path = paths[i % 2];
            Parallel.For(0, Threads + 1, new ParallelOptions { MaxDegreeOfParallelism = Threads + 1 }, thread =>
            {
                if (thread == 0)
                    _log.Apply(new AccessLogSettings { Path = path, Kinds = RecordKinds.Requests });
                for (var line = 0; thread > 0 && i > 0 && line < Lines; line++)
                    _log.Write(SomeRecords.Request());
            });
        }
        _log.Dispose();
        Assert.Equal((Changes - 1) * Threads * Lines, paths.Sum(path => File.ReadAllLines(path).Length));
    }

    private void WriteEach()
    {
        _log.Write(SomeRecords.Request());
        _log.Write(SomeRecords.Stream());
        _log.Write(SomeRecords.Flow());
    }

    private int Lines()
    {
        _sink.Dispose();
        return _output.Written.Count(character => character == '\n');
    }
}
