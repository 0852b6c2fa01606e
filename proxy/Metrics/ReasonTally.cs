using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Everyport.Proxy.Metrics;

/// <summary>
/// Counts what was refused, dropped or has failed, by reason. Whatever is comes in masses: each reason is due in the log
/// once a second at most. For any number of threads.
/// </summary>
/// <typeparam name="TReason">The reasons, numbered from 0; their names are the values of the label.</typeparam>
internal sealed class ReasonTally<TReason> where TReason : struct, Enum
{
    private static readonly string[] Names = Enum.GetNames<TReason>();

    private readonly Counter<long> _counter;
    private readonly string _label;
    private readonly long[] _totals = new long[Names.Length];
    private readonly OncePerSecond[] _logs;

    public ReasonTally(Counter<long> counter, TimeProvider time, string label = "reason")
    {
        (_counter, _label) = (counter, label);
        _logs = Array.ConvertAll(Names, _ => new OncePerSecond(time));
    }

    /// <summary>How many there were so far for this reason.</summary>
    public long Total(TReason reason) => Interlocked.Read(ref _totals[IndexOf(reason)]);

    /// <summary>Counts some, and returns the total.</summary>
    public long Add(TReason reason, int count = 1)
    {
        var index = IndexOf(reason);
        _counter.Add(count, new KeyValuePair<string, object?>(_label, Names[index]));
        return Interlocked.Add(ref _totals[index], count);
    }

    /// <summary>Whether the log should hear of this reason now; whoever asks tells it.</summary>
    public bool IsLogDue(TReason reason) => _logs[IndexOf(reason)].IsDue();

    private static int IndexOf(TReason reason) => Unsafe.As<TReason, int>(ref reason);
}
