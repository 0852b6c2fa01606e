using System.Diagnostics.Metrics;
using System.Security.Authentication;
using Everyport.Proxy.Metrics;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Tls;

/// <summary>Counts handshakes that fail, by reason, and logs each reason once a second at most. For any number of threads.</summary>
internal sealed partial class HandshakeFailures(TimeProvider time, ILogger<HandshakeFailures> logger)
{
    private static readonly Counter<long> Failed = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_tls_handshakes_failed", unit: null, "TLS handshakes that have failed although there was a certificate, by reason.");

    private readonly ReasonTally<HandshakeFailure> _tally = new(Failed, time);

    /// <summary>Counts one.</summary>
    /// <param name="connection">What the client asked for.</param>
    /// <param name="isLate">Whether its time was over.</param>
    /// <param name="protocols">The protocols (ALPN) that are spoken here.</param>
    /// <param name="client">Who it is, for the log.</param>
    public void Add(TlsConnection connection, bool isLate, IEnumerable<string> protocols, object? client)
    {
        var reason = ReasonOf(connection, isLate, protocols);
        _tally.Add(reason);
        if (!_tally.IsLogDue(reason))
            return;
        var (certificate, explanation) = (connection.Certificate.Name, Explanation(reason, connection.Certificate.Name));
        Log(client, certificate, reason, explanation);
    }

    /// <summary>What the hello and the certificate tell of it, as the handshake itself ends with an error of a thousand kinds.</summary>
    internal static HandshakeFailure ReasonOf(TlsConnection connection, bool isLate, IEnumerable<string> protocols)
    {
        var (hello, config) = (connection.Hello, connection.Certificate.Config);
        return connection.ClientCertificateFailure is { } failure ? failure
            : isLate ? HandshakeFailure.TimedOut
            : !hello.OffersTls13 && config.Protocols == SslProtocols.Tls13 || !hello.OffersTls12 && !hello.OffersTls13 ? HandshakeFailure.Version
            : hello.Alpn.Count > 0 && !hello.Alpn.Intersect(protocols).Any() ? HandshakeFailure.Protocol
            : HandshakeFailure.Broken;
    }

    private static string Explanation(HandshakeFailure reason, string certificate) => reason switch
    {
        HandshakeFailure.TimedOut => "it was not over within 'Tls:HandshakeTimeout'",
        HandshakeFailure.Version => $"the client speaks no version of TLS that is allowed here. 'Tls:Certificates:{certificate}:MinVersion' says which are",
        HandshakeFailure.Protocol => "the client speaks none of the protocols that are spoken here (ALPN)",
        HandshakeFailure.ClientCertificateMissing => $"the client shows no certificate. 'Tls:Certificates:{certificate}:ClientCertificates' requires one",
        HandshakeFailure.ClientCertificateRefused => $"the certificate of the client does not come from 'Tls:Certificates:{certificate}:ClientRoots', or is not valid now, or not for clients",
        HandshakeFailure.Broken => "the client ended it, perhaps as it does not trust the certificate, or it does not follow the protocol",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "A TLS handshake with {Client} for the certificate '{Certificate}' has failed ({Reason}): {Explanation}")]
    private partial void Log(object? client, string certificate, HandshakeFailure reason, string explanation);
}
