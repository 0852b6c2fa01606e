using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Everyport.Proxy.Routing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Admission;

/// <summary>
/// Counts refused TCP connections by reason. Whatever is refused tends to come in masses: each reason is logged once a
/// second at most, with its total. For any number of threads.
/// </summary>
internal sealed partial class Refusals(TimeProvider time, ILogger<Refusals> logger)
{
    private static readonly Counter<long> Refused = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_connections_refused", unit: null, "TCP connections that were closed before anything was proxied, by reason.");

    private readonly ReasonTally<RefusalReason> _tally = new(Refused, time);

    /// <summary>Connections refused so far for this reason.</summary>
    public long Total(RefusalReason reason) => _tally.Total(reason);

    /// <summary>Counts one, and logs it.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="steered">The connection.</param>
    /// <param name="detail">The name of the stream, or what is wrong with the PROXY header, where the reason has such a thing.</param>
    public void Add(RefusalReason reason, in Steered steered, string? detail = null)
    {
        var total = _tally.Add(reason);
        if (_tally.IsLogDue(reason))
            Log(steered.Client, steered.Original, reason, total, RefusalExplanation.Of(reason, detail));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a connection from {Client} to {Original} ({Reason}, {Total} so far): {Explanation}")]
    private partial void Log(Endpoint client, Endpoint original, RefusalReason reason, long total, string explanation);
}
