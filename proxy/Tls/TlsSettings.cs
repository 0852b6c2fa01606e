namespace Everyport.Proxy.Tls;

/// <summary>The section <c>Tls</c>, with what the files held when it was read.</summary>
internal sealed record TlsSettings
{
    /// <summary>How long a handshake may take after the hello of the client has come.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public IReadOnlyList<ServedCertificate> Certificates { get; init; } = [];
}
