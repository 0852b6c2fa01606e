namespace Everyport.Proxy.Tracing;

/// <summary>A collector that takes OTLP, the protocol of OpenTelemetry.</summary>
/// <param name="Endpoint">Without the path of a signal.</param>
/// <param name="Protocol">How it is spoken to.</param>
/// <param name="Headers">What is sent with each request, such as a token.</param>
internal sealed record OtlpSettings(Uri Endpoint, OtlpProtocol Protocol, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public bool Equals(OtlpSettings? other) =>
        other is not null && (Endpoint, Protocol) == (other.Endpoint, other.Protocol) && Headers.SequenceEqual(other.Headers);

    public override int GetHashCode() => HashCode.Combine(Endpoint, Protocol, Headers.Count);
}
