using Everyport.Steering.Rules;

namespace Everyport.Proxy.Admission;

/// <summary>
/// Limits the connections of each source, and the rate of new ones. For any number of threads: sources are spread over
/// stripes, each with a lock that is held for some hundred nanoseconds.
/// <para>
/// Memory is bounded. A source with connections is known as long as it has them, so <c>Limits:MaxConnections</c> bounds those.
/// One without is only remembered for its rate, until it could open a full burst again; of these there are
/// <see cref="MaxIdleSources"/> at most. Beyond, those remembered for longest are forgotten: they start with a full
/// burst again, as any new source does. So a scan from very many addresses refuses nobody else, and gains nothing that
/// it would not gain by using the next address.
/// </para>
/// </summary>
internal sealed class SourceLimits
{
    /// <summary>Sources without a connection that are remembered, about 100 bytes each.</summary>
    public const int MaxIdleSources = 65_536;

    private const int Stripes = 16;
    private readonly SourceLimitSettings _settings;
    private readonly SourceRate? _rate;
    private readonly TimeProvider _time;
    private readonly SourceStripe[] _stripes;

    public SourceLimits(SourceLimitSettings settings, TimeProvider time)
        : this(settings, time, [.. Enumerable.Range(0, Stripes).Select(_ => new SourceStripe(MaxIdleSources / Stripes))])
    {
    }

    private SourceLimits(SourceLimitSettings settings, TimeProvider time, SourceStripe[] stripes)
    {
        (_settings, _time, _stripes) = (settings, time, stripes);
        _rate = settings.ConnectionsPerSecond == 0 ? null : new SourceRate(settings.ConnectionsPerSecond, settings.Burst, time.TimestampFrequency);
    }

    /// <summary>Sources that are known now, with and without connections.</summary>
    public int Count => _stripes.Sum(stripe => stripe.Count);

    /// <summary>
    /// The same sources under other limits. Where other bits tell sources apart, they are others: what is open counts for those of
    /// before, and everyone begins anew.
    /// </summary>
    public SourceLimits With(SourceLimitSettings settings)
    {
        var areSame = (settings.PrefixLengthIPv4, settings.PrefixLengthIPv6) == (_settings.PrefixLengthIPv4, _settings.PrefixLengthIPv6);
        return areSame ? new SourceLimits(settings, _time, _stripes) : new SourceLimits(settings, _time);
    }

    /// <summary>
    /// Counts a new connection; false, with the reason, where the source may not have it. Each that was let in has to
    /// <see cref="Leave"/> with the same address. What is refused does not count towards the rate.
    /// </summary>
    public bool TryEnter(Address source, out RefusalReason reason)
    {
        var prefix = PrefixOf(source);
        return StripeOf(prefix).TryEnter(prefix, _settings.MaxConnections, _rate, _time.GetTimestamp(), out reason);
    }

    public void Leave(Address source)
    {
        var prefix = PrefixOf(source);
        StripeOf(prefix).Leave(prefix, _time.GetTimestamp());
    }

    private Address PrefixOf(Address source) =>
        new Prefix(source, source.IsIPv6 ? _settings.PrefixLengthIPv6 : _settings.PrefixLengthIPv4).Address;

    /// <summary>The hash of a <see cref="UInt128"/> has a seed of its own in each process: no client can aim at one stripe.</summary>
    private SourceStripe StripeOf(Address prefix) => _stripes[(uint)prefix.Bits.GetHashCode() % Stripes];
}
