namespace Everyport.Proxy.Tls.Upstream;

/// <summary>The key <c>Tls</c> of a cluster: whom to trust as its destination, and how to show who we are.</summary>
internal sealed record UpstreamTlsSettings
{
    /// <summary>Instead of a name: the one that the client asks for, by its Host header or the SNI of its hello.</summary>
    public const string ClientsName = "{host}";

    /// <summary>The system's authorities, the destination's own name, and no certificate of ours.</summary>
    public static UpstreamTlsSettings Default { get; } = new();

    /// <summary>A file with the certificates of the authorities to trust, PEM; null for those of the system.</summary>
    public string? Roots { get; init; }

    /// <summary>A file with our certificate and its chain, PEM or PFX.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>A file with the key of our certificate, PEM, where it is not in the same file.</summary>
    public string? KeyPath { get; init; }

    /// <summary>Of the key, or of the PFX file.</summary>
    public string? Password { get; init; }

    /// <summary>What the destination is asked to be, and its certificate is checked for; null for the host of its address.</summary>
    public string? ServerName { get; init; }

    /// <summary>The name for one connection.</summary>
    public string NameFor(string host, string? clientsName) =>
        ServerName is null || ServerName == ClientsName && string.IsNullOrEmpty(clientsName) ? host
        : ServerName == ClientsName ? clientsName!
        : ServerName;
}
