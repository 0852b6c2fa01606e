using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Everyport.Proxy.Routing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Admission;

/// <summary>
/// Counts refused TCP connections by reason. Whatever is refused tends to come in masses: each reason is logged once a
/// second at most, with its total. For any number of threads.
/// </summary>
internal sealed partial class Refusals
{
    private static readonly Counter<long> Refused = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_connections_refused", unit: null, "TCP connections that were closed before anything was proxied, by reason.");

    private static readonly string[] Names = Enum.GetNames<RefusalReason>();

    private readonly ILogger<Refusals> _logger;
    private readonly long[] _totals = new long[Names.Length];
    private readonly OncePerSecond[] _logs;

    public Refusals(TimeProvider time, ILogger<Refusals> logger)
    {
        _logger = logger;
        _logs = Array.ConvertAll(Names, _ => new OncePerSecond(time));
    }

    /// <summary>Connections refused so far for this reason.</summary>
    public long Total(RefusalReason reason) => Interlocked.Read(ref _totals[(int)reason]);

    /// <summary>Counts one, and logs it.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="steered">The connection.</param>
    /// <param name="detail">The name of the stream, or what is wrong with the PROXY header, where the reason has such a thing.</param>
    public void Add(RefusalReason reason, in Steered steered, string? detail = null)
    {
        var total = Count(reason);
        if (_logs[(int)reason].IsDue())
            Log(steered.Client, steered.Original, reason, total, RefusalExplanation.Of(reason, detail));
    }

    /// <summary>Counts one that is logged elsewhere, and returns the total.</summary>
    public long Count(RefusalReason reason)
    {
        Refused.Add(1, new KeyValuePair<string, object?>("reason", Names[(int)reason]));
        return Interlocked.Increment(ref _totals[(int)reason]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a connection from {Client} to {Original} ({Reason}, {Total} so far): {Explanation}")]
    private partial void Log(Endpoint client, Endpoint original, RefusalReason reason, long total, string explanation);
}
