using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads how connections of a stream are proxied.</summary>
internal static class StreamSettingsReader
{
    private const int MostDialAttempts = 16, MostReplyBudget = 1_000_000;
    private static readonly string[] ForTcp = ["ProxyProtocol", "SourceAddress", "ConnectTimeout", "DialAttempts", "Lifetime", "MaxConnections", "Tls"];
    private static readonly string[] ForUdp = ["MaxFlows", "SingleExchange", "ReplyBudget"];

    public static StreamSettings Read(SectionReader section, Protocols protocol) =>
        protocol == Protocols.Udp ? ReadUdp(section) : ReadTcp(section);

    private static StreamSettings ReadTcp(SectionReader section)
    {
        foreach (var key in ForUdp)
            section.RejectPresent(key, "is a setting of UDP streams, but the stream is TCP");
        var defaults = new StreamSettings();
        return new StreamSettings
        {
            ProxyProtocol = section.Value<ProxyProtocolVersion?>("ProxyProtocol", null, ParseVersion),
            SourceAddress = section.Value<UpstreamSource>("SourceAddress", defaults.SourceAddress, ParseSource),
            ConnectTimeout = section.Duration("ConnectTimeout", defaults.ConnectTimeout),
            DialAttempts = section.Number("DialAttempts", defaults.DialAttempts, 1, MostDialAttempts),
            IdleTimeout = section.DurationOrOff("IdleTimeout", defaults.IdleTimeout),
            Lifetime = section.DurationOrOff("Lifetime", defaults.Lifetime),
            MaxConnections = section.Has("MaxConnections") ? section.Number("MaxConnections", int.MaxValue, 1, int.MaxValue) : null,
        };
    }

    /// <summary>A flow without a time-out would stay until another one takes its place.</summary>
    private static StreamSettings ReadUdp(SectionReader section)
    {
        foreach (var key in ForTcp)
            section.RejectPresent(key, "is a setting of TCP streams, but the stream is UDP");
        return new StreamSettings
        {
            IdleTimeout = section.Has("IdleTimeout") ? section.Duration("IdleTimeout", StreamSettings.DefaultIdleTimeout) : null,
            Flows = new FlowSettings
            {
                MaxFlows = section.Has("MaxFlows") ? section.Number("MaxFlows", int.MaxValue, 1, int.MaxValue) : null,
                SingleExchange = section.Flag("SingleExchange", false),
                ReplyBudget = section.NumberOrOff("ReplyBudget", FlowSettings.DefaultReplyBudget, MostReplyBudget),
            },
        };
    }

    public static bool ParseVersion(string text, out ProxyProtocolVersion? version, out string? error)
    {
        version = text.ToUpperInvariant() switch { "V1" => ProxyProtocolVersion.V1, "V2" => ProxyProtocolVersion.V2, _ => null };
        error = version is null ? $"'{text}' is not a version of the PROXY protocol; expected 'v1' or 'v2'" : null;
        return error is null;
    }

    private static bool ParseSource(string text, out UpstreamSource source, out string? error)
    {
        var good = Enum.TryParse(text, ignoreCase: true, out source) && !char.IsAsciiDigit(text[0]);
        error = good ? null : $"'{text}' is not a source address; expected 'Proxy' or 'Client'";
        return good;
    }
}
