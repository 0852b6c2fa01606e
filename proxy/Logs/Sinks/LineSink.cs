using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Logs.Sinks;

/// <summary>
/// Takes lines from any thread, and has one of its own write them, many at a time. Nobody ever waits for that: what does not fit
/// while the output is slow, full or blocked is dropped and counted.
/// </summary>
internal sealed partial class LineSink : IDisposable
{
    /// <summary>Bytes that wait for the output.</summary>
    public const int Capacity = 1 << 20;

    private const int Usual = 1 << 14;

    /// <summary>How long lines are gathered, so that a busy proxy makes few system calls.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the end waits for an output that does not take the last lines.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);

    private static readonly Counter<long> DroppedLines = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_log_dropped", unit: null, "Lines of logs that were dropped because the output did not take them, by sink.");

    private readonly ILineOutput _output;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _filled = new(false);
    private readonly ManualResetEventSlim _stopping = new();
    private readonly OncePerSecond _complaint = new(TimeProvider.System);
    private readonly Thread _thread;
    private byte[] _filling = new byte[Usual], _writing = new byte[Usual];
    private int _length, _lines;
    private bool _isClosed;
    private LineSink? _heir;
    private long _dropped, _told;

    /// <summary>Takes over the output.</summary>
    public LineSink(ILineOutput output)
    {
        _output = output;
        _thread = new Thread(Run) { Name = $"log {output.Name}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Hears of lines that were lost.</summary>
    public ILogger? Complaints { get; set; }

    /// <summary>Lines that were dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes one line, or several that belong together, with their end; false where it has been dropped.</summary>
    public bool TryWrite(ReadOnlySpan<byte> line)
    {
        bool isFirst;
        lock (_gate)
        {
            if (_isClosed)
                return Inherit(line);
            if (line.Length > Capacity - _length)
            {
                Drop(1);
                return false;
            }
            if (line.Length > _filling.Length - _length)
                Array.Resize(ref _filling, Math.Min(Capacity, Math.Max(2 * _filling.Length, _length + line.Length)));
            line.CopyTo(_filling.AsSpan(_length));
            isFirst = _length == 0;
            _length += line.Length;
            _lines++;
        }
        if (isFirst)
            _filled.Set();
        return true;
    }

    /// <summary>Writes what is there. An output that is blocked keeps nobody from ending.</summary>
    public void Dispose() => Dispose(heir: null);

    /// <summary>The same; lines of those who have not noticed yet go to the heir, and without one they are lost, and counted.</summary>
    public void Dispose(LineSink? heir)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            (_isClosed, _heir) = (true, heir);
        }
        _stopping.Set();
        _filled.Set();
        if (_thread.Join(LastPatience))
            _output.Dispose();
    }

    private bool Inherit(ReadOnlySpan<byte> line)
    {
        if (_heir is { } heir)
            return heir.TryWrite(line);
        Drop(1);
        return false;
    }

    private void Run()
    {
        do
        {
            _filled.WaitOne();
            _stopping.Wait(Gathering);
            WriteAll();
        }
        while (!_stopping.IsSet);
        WriteAll();
    }

    private void WriteAll()
    {
        int length, lines;
        lock (_gate)
        {
            (_filling, _writing) = (_writing, _filling);
            (length, lines) = (_length, _lines);
            (_length, _lines) = (0, 0);
        }
        if (length == 0)
            return;
        try
        {
            _output.Write(_writing.AsSpan(0, length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Drop(lines);
            if (Complaints is { } logger && _complaint.IsDue())
                Failed(logger, e.Message, Dropped);
            return;
        }
        if (Complaints is { } complaints && Dropped != _told && _complaint.IsDue())
            TooSlow(complaints, _output.Name, _told = Dropped);
    }

    private void Drop(int lines)
    {
        DroppedLines.Add(lines, new KeyValuePair<string, object?>("sink", _output.Name));
        Interlocked.Add(ref _dropped, lines);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Error}; {Dropped} lines have been dropped so far")]
    private static partial void Failed(ILogger logger, string error, long dropped);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log {Sink} is not read or written as fast as lines come: {Dropped} have been dropped so far")]
    private static partial void TooSlow(ILogger logger, string sink, long dropped);
}
