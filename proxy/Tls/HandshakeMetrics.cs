using System.Diagnostics.Metrics;
using System.Security.Authentication;
using Everyport.Proxy.Metrics;

namespace Everyport.Proxy.Tls;

/// <summary>Counts handshakes with clients that have come to a good end; <see cref="HandshakeFailures"/> counts the others.</summary>
internal static class HandshakeMetrics
{
    private static readonly Counter<long> Done = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_tls_handshakes", unit: null, "TLS handshakes with clients that have succeeded, by certificate and version.");

    public static void Count(TlsConnection connection, SslProtocols version) =>
        Done.Add(1, new("certificate", connection.Certificate.Name), new("version", version == SslProtocols.Tls13 ? "1.3" : "1.2"));
}
