using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Connections;

/// <summary>Counts what first bytes have told.</summary>
internal static class SniffMetrics
{
    private static readonly Counter<long> Sniffed = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_connections_sniffed", unit: null, "TCP connections whose first bytes were looked at, by what they are; Unknown: nothing, or too little, came in time.");

    private static readonly string[] Protocols = Enum.GetNames<SniffedProtocol>();

    public static void Count(SniffedProtocol protocol) => Sniffed.Add(1, new KeyValuePair<string, object?>("protocol", Protocols[(int)protocol]));
}
