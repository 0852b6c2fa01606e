using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Everyport.Proxy.Routing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Flows;

/// <summary>
/// Counts datagrams that were not sent on, by reason. They come in masses: each reason is logged once a second at most.
/// For any number of threads.
/// </summary>
internal sealed partial class Drops(TimeProvider time, ILogger<Drops> logger)
{
    private static readonly Counter<long> Dropped = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_datagrams_dropped", unit: null, "Datagrams that were not sent on, by reason.");

    private readonly ReasonTally<DropReason> _tally = new(Dropped, time);

    /// <summary>Datagrams dropped so far for this reason.</summary>
    public long Total(DropReason reason) => _tally.Total(reason);

    /// <summary>Counts some that nobody has to hear of.</summary>
    public void Add(DropReason reason, int datagrams = 1) => _tally.Add(reason, datagrams);

    /// <summary>Counts some of a flow, or of what would have become one, and logs it.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="key">Whose.</param>
    /// <param name="detail">The name of the stream or the error, where the reason has such a thing.</param>
    /// <param name="datagrams">How many.</param>
    public void Add(DropReason reason, in FlowKey key, string? detail = null, int datagrams = 1)
    {
        var total = _tally.Add(reason, datagrams);
        if (!_tally.IsLogDue(reason))
            return;
        var level = reason is DropReason.NoRoute ? LogLevel.Debug : LogLevel.Warning;
        var explanation = DropExplanation.Of(reason, detail);
        Log(level, key.Client, key.Original, reason, total, explanation);
    }

    [LoggerMessage(Message = "Dropped a datagram between {Client} and {Original} ({Reason}, {Total} so far): {Explanation}")]
    private partial void Log(LogLevel level, Endpoint client, Endpoint original, DropReason reason, long total, string explanation);
}
